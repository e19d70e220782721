package theme

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// An API is what templates may use: functions by name, and the members of
// the types that values have. Members are called without reflection.
type API struct {
	Funcs map[string]Func
	Types map[reflect.Type]Members
}

// A Func is a function of the template language.
type Func func(c Call, args []any) (any, error)

// A Call is one call of a function.
type Call struct {
	Ctx any // what Program.Run was given
	at  place
}

// Pos is where the call stands; nowhere for the zero Call.
func (c Call) Pos() diag.Pos {
	if c.at.unit == nil {
		return diag.Pos{}
	}
	return c.at.diagPos()
}

// Members are the names that can follow a dot after a value of one type.
type Members map[string]Member

// A Member returns what a name stands for in v.
type Member func(v any, args []any) (any, error)

// Get makes a member of a method without arguments.
func Get[T, R any](f func(T) R) Member {
	return func(v any, args []any) (any, error) {
		if len(args) > 0 {
			return nil, &diag.Diagnostic{Code: "template-error", Msg: "this takes no arguments"}
		}
		return f(v.(T)), nil
	}
}

// GetBy makes a member of a method that takes one text.
func GetBy[T, R any](f func(T, string) R) Member {
	return func(v any, args []any) (any, error) {
		if len(args) != 1 {
			return nil, &diag.Diagnostic{Code: "template-error", Msg: "this takes one argument, a text"}
		}
		return f(v.(T), Text(args[0])), nil
	}
}

// Markup is a value that is printed as it is, by the writer's own means. It
// may stand in element content only.
type Markup interface{ IsMarkup() }

// Text turns a value into text, as printing does.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}

// typeOf returns the members of a value's type, with an index by name id.
func (t *Theme) typeOf(v any) *typeInfo {
	rt := reflect.TypeOf(v)
	if m := *t.types.Load(); m[rt] != nil {
		return m[rt]
	}
	t.typesMu.Lock()
	defer t.typesMu.Unlock()
	old := *t.types.Load()
	info := t.newType(rt)
	next := make(map[reflect.Type]*typeInfo, len(old)+1)
	for k, x := range old {
		next[k] = x
	}
	next[rt] = info
	t.types.Store(&next)
	return info
}

// A typeInfo has a type's members by the ids of their names.
type typeInfo struct {
	name    string
	members []Member // by name id; nil where the type has none
	names   []string
}

func (t *Theme) newType(rt reflect.Type) *typeInfo {
	info := &typeInfo{name: typeName(rt), members: make([]Member, len(t.names))}
	if own, ok := t.api.Types[rt]; ok {
		for name, m := range own {
			info.names = append(info.names, name)
			if id, ok := t.nameIDs[name]; ok {
				info.members[id] = m
			}
		}
	}
	st := rt
	if st.Kind() == reflect.Pointer {
		st = st.Elem()
	}
	if st.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(st) {
			if !f.IsExported() || f.Anonymous {
				continue
			}
			info.names = append(info.names, f.Name)
			if id, ok := t.nameIDs[f.Name]; ok && info.members[id] == nil {
				info.members[id] = fieldMember(f.Index)
			}
		}
	}
	slices.Sort(info.names)
	return info
}

// fieldMember reads an exported field of a struct.
func fieldMember(index []int) Member {
	return func(v any, _ []any) (any, error) {
		rv := reflect.ValueOf(v)
		if rv.Kind() == reflect.Pointer {
			if rv.IsNil() {
				return nil, nil
			}
			rv = rv.Elem()
		}
		return rv.FieldByIndex(index).Interface(), nil
	}
}

// typeName is the name of a type for theme authors.
func typeName(rt reflect.Type) string {
	s := rt.String()
	s = s[strings.LastIndexByte(s, '.')+1:]
	switch rt.Kind() {
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Map:
		return "dict"
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// noMember is the error of a name that a type does not have.
func (info *typeInfo) noMember(name string) error {
	d := &diag.Diagnostic{Code: "template-error", Msg: fmt.Sprintf("a %s has no %q", info.name, name),
		Args: map[string]any{"type": info.name, "name": name}}
	if s := schema.Suggest(name, info.names); s != "" {
		d.Hint = fmt.Sprintf("did you mean .%s?", s)
	}
	return d
}
