package words

import (
	"testing"

	"handrail/internal/cli"
	"handrail/internal/diag"
)

func TestOf(t *testing.T) {
	d := &diag.Diagnostic{Code: "unknown-key", Msg: `there is no field "listn"`, Hint: "look it up",
		Args: map[string]any{"key": "listn", "suggestion": "listen"}}
	for _, tt := range []struct {
		lang, code, want string
	}{
		{"zh-Hans", "unknown-key", "没有“listn”这个字段；是不是想写“listen”？"},
		{"en", "unknown-key", `there is no field "listn"`},
		{"zh-Hans", "a-code-without-words", `there is no field "listn"`},
	} {
		d.Code = tt.code
		if got, _ := Of(cli.Texts(tt.lang), d); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.lang, tt.code, got, tt.want)
		}
	}
}
