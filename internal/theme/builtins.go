package theme

import (
	"cmp"
	"fmt"
	"reflect"

	"handrail/internal/diag"
)

// builtinFuncs are the functions of the template language that work as in
// text/template; and and or are part of the compiler.
var builtinFuncs = map[string]Func{
	"not":     func(_ Call, a []any) (any, error) { return one(a, func(v any) (any, error) { return !truth(v), nil }) },
	"len":     func(_ Call, a []any) (any, error) { return one(a, length) },
	"eq":      func(_ Call, a []any) (any, error) { return equal(a) },
	"ne":      func(_ Call, a []any) (any, error) { b, err := equal(a); return !b, err },
	"lt":      func(_ Call, a []any) (any, error) { c, err := order(a); return c < 0, err },
	"le":      func(_ Call, a []any) (any, error) { c, err := order(a); return c <= 0, err },
	"gt":      func(_ Call, a []any) (any, error) { c, err := order(a); return c > 0, err },
	"ge":      func(_ Call, a []any) (any, error) { c, err := order(a); return c >= 0, err },
	"index":   func(_ Call, a []any) (any, error) { return index(a) },
	"slice":   func(_ Call, a []any) (any, error) { return part(a) },
	"print":   func(_ Call, a []any) (any, error) { return fmt.Sprint(a...), nil },
	"println": func(_ Call, a []any) (any, error) { return fmt.Sprintln(a...), nil },
	"printf":  func(_ Call, a []any) (any, error) { return format(a) },
}

func bad(format string, args ...any) error {
	return &diag.Diagnostic{Code: "template-error", Msg: fmt.Sprintf(format, args...)}
}

func one(args []any, f func(any) (any, error)) (any, error) {
	if len(args) != 1 {
		return nil, bad("this takes one argument")
	}
	return f(args[0])
}

func length(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case string:
		return len(v), nil
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Slice, reflect.Map, reflect.Array:
		return rv.Len(), nil
	}
	return nil, bad("len needs a list, not a %s", typeName(reflect.TypeOf(v)))
}

// equal reports whether the first value equals one of the others.
func equal(args []any) (bool, error) {
	if len(args) < 2 {
		return false, bad("eq compares two values")
	}
	for _, b := range args[1:] {
		c, err := compare(args[0], b)
		if err != nil {
			return false, err
		}
		if c == 0 {
			return true, nil
		}
	}
	return false, nil
}

func order(args []any) (int, error) {
	if len(args) != 2 {
		return 0, bad("this compares two values")
	}
	return compare(args[0], args[1])
}

// compare orders two values of one sort: texts, numbers or truths. What is
// neither, such as a page, can only be the same or another.
func compare(a, b any) (int, error) {
	if a == nil || b == nil {
		return same(a == nil && b == nil), nil
	}
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return cmp.Compare(x, y), nil
		}
	}
	if x, ok := a.(bool); ok {
		if y, ok := b.(bool); ok {
			return same(x == y), nil
		}
	}
	x, xText := words(a)
	y, yText := words(b)
	switch {
	case xText && yText:
		return cmp.Compare(x, y), nil
	case reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.TypeOf(a).Comparable():
		return same(a == b), nil
	}
	return 0, bad("a %s cannot be compared with a %s", typeName(reflect.TypeOf(a)), typeName(reflect.TypeOf(b)))
}

func same(yes bool) int {
	if yes {
		return 0
	}
	return 1
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func words(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case fmt.Stringer:
		return v.String(), true
	}
	return "", false
}

// index returns the item of a list or map at a key, and so on inwards.
func index(args []any) (any, error) {
	if len(args) < 2 {
		return nil, bad("index needs a list and a number")
	}
	v := args[0]
	for _, k := range args[1:] {
		if m, ok := v.(map[string]any); ok {
			v = m[Text(k)]
			continue
		}
		rv := reflect.ValueOf(v)
		i, ok := k.(int)
		if !ok || rv.Kind() != reflect.Slice {
			return nil, bad("index needs a list and a number")
		}
		if i < 0 || i >= rv.Len() {
			return nil, bad("the list has no item %d", i)
		}
		v = rv.Index(i).Interface()
	}
	return v, nil
}

// part returns a part of a list or text.
func part(args []any) (any, error) {
	if len(args) < 1 || len(args) > 3 {
		return nil, bad("slice needs a list and up to two numbers")
	}
	rv := reflect.ValueOf(args[0])
	if rv.Kind() != reflect.Slice && rv.Kind() != reflect.String {
		return nil, bad("slice needs a list")
	}
	bounds := [2]int{0, rv.Len()}
	for i, a := range args[1:] {
		n, ok := a.(int)
		if !ok || n < 0 || n > rv.Len() {
			return nil, bad("the list has no item %v", a)
		}
		bounds[i] = n
	}
	if bounds[0] > bounds[1] {
		return nil, bad("the end of the slice lies before its beginning")
	}
	return rv.Slice(bounds[0], bounds[1]).Interface(), nil
}

func format(args []any) (any, error) {
	if len(args) == 0 {
		return nil, bad("printf needs a format")
	}
	return fmt.Sprintf(Text(args[0]), args[1:]...), nil
}
