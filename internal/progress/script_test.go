package progress

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// scriptTest asks the theme's script what the shared cases ask Go, in Node,
// and prints what differs.
const scriptTest = `
import * as A from "./progress-anchor";
import * as S from "./progress-slot";
import * as K from "./progress-keys";
import { qr } from "./progress-qr";
const [block, own] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const wrong = [];
const plain = (v) => v && typeof v === "object" && !Array.isArray(v)
	? Object.fromEntries(Object.keys(v).sort().filter((k) => v[k] !== undefined && v[k] !== null).map((k) => [k, plain(v[k])]))
	: Array.isArray(v) ? v.map(plain) : v;
const same = (what, got, want) => {
	const [g, w] = [JSON.stringify(plain(got)), JSON.stringify(plain(want))];
	if (g !== w) wrong.push(what + "\n got " + g + "\nwant " + w);
};
for (const x of block.texts) {
	const n = A.normalise(x.text);
	same("normal " + x.text, n, x.normal);
	same("fp " + x.text, A.fingerprint(n), x.fp);
	same("grams " + x.text, A.grams(n), x.grams || []);
}
for (const x of block.dice) same("dice " + x.x, Math.round(A.dice(A.grams(A.normalise(x.x)), A.grams(A.normalise(x.y))) * 1e6) / 1e6, x.dice);
const blocks = (list) => A.place((list || []).map((b) => {
	const n = A.normalise(b.text);
	return { id: b.id || "", level: b.kind === "h" ? b.level || 1 : 0, fp: A.fingerprint(n), sec: "", grams: A.grams(n) };
}));
for (const x of block.match) {
	same("anchor " + x.name, A.anchor(blocks(x.old), x.at), { ...x.anchor, g: x.anchor.g || [] });
	same("match " + x.name, A.match(blocks(x.new), x.anchor), [x.index, x.certainty]);
}
for (const x of own.merge) {
	same(x.name, S.merge(x.a, x.b), x.out);
	same(x.name + ", the other way", S.merge(x.b, x.a), x.out);
}
for (const x of own.clamp) same("clamp", S.clamp(x.in, x.server), x.out);
(async () => {
	const sealed = [];
	for (const x of own.keys) {
		same("digits", K.digitsOf(x.digits.replace(/(....)/g, "$1 ").replace("1", "１")), x.digits);
		same("wrong digits", K.digitsOf(x.digits.replace(/.$/, (d) => (+d + 1) % 10)), "");
		const k = await K.keysOf(x.digits);
		same("authorization", k.authorization, x.authorization);
		const name = await K.nameOf(k, x.page);
		same("name", K.b64(name), x.name);
		same("opened", await K.open(k, name, K.unb64(x.sealed)), x.slot);
		sealed.push(K.b64(await K.seal(k, name, x.slot)));
	}
	for (let i = 0; i < 100; i++) { const d = K.draw(); same("drawn", K.digitsOf(d), d); }
	const codes = own.qr.map((x) => qr(x.text).map((r) => r.map(Number).join("")).join("\n"));
	same("too long for a QR code", qr("x".repeat(214)), undefined);
	console.log(JSON.stringify({ wrong, sealed, codes }));
})();`

// TestScript holds the theme's script to the cases of this package and of
// package block, opens here what it has sealed, and reads its QR codes with
// zbarimg where that is installed.
func TestScript(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no Node to run the script in")
	}
	own := readVectors(t)
	block, err := os.ReadFile(filepath.Join("..", "block", "testdata", "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal([]any{json.RawMessage(block), own})
	if err != nil {
		t.Fatal(err)
	}
	var out struct{ Wrong, Sealed, Codes []string }
	if err := json.Unmarshal(runScript(t, node, scriptTest, in), &out); err != nil {
		t.Fatal(err)
	}
	for _, w := range out.Wrong {
		t.Error(w)
	}
	reader, _ := exec.LookPath("zbarimg")
	for i, x := range own.QR {
		if sum := sha256.Sum256([]byte(out.Codes[i])); x.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("QR code of %q: %x; want %s", x.Text, sum, x.SHA256)
		}
		if reader == "" {
			continue // the hash is that of a code which it has read
		}
		if got := scan(t, reader, out.Codes[i]); got != x.Text {
			t.Errorf("QR code of %q reads %q", x.Text, got)
		}
	}
	for i, x := range own.Keys {
		k := mustKeys(t, x.Digits)
		sealed, err := base64.RawURLEncoding.DecodeString(out.Sealed[i])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.Open(k.SlotName(x.Page), sealed); err != nil || got.Page != x.Page {
			t.Errorf("what the script sealed: %v, %v", got, err)
		}
	}
}

// scan has a program of others read a QR code, given as lines of 0 and 1, from
// a picture of it.
func scan(t *testing.T, reader, code string) string {
	t.Helper()
	const quiet, scale = 4, 4 // modules, pixels
	rows := strings.Split(code, "\n")
	size := (len(rows) + 2*quiet) * scale
	img := image.NewGray(image.Rect(0, 0, size, size))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y, row := range rows {
		for x := range row {
			if at := image.Pt(x+quiet, y+quiet).Mul(scale); row[x] == '1' {
				draw.Draw(img, image.Rectangle{at, at.Add(image.Pt(scale, scale))}, image.Black, image.Point{}, draw.Src)
			}
		}
	}
	name := filepath.Join(t.TempDir(), "code.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), reader, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", name).Output()
	if err != nil {
		t.Fatalf("%s: %v", reader, err)
	}
	return strings.TrimSuffix(string(text), "\n")
}

// runScript bundles a script beside the theme's and runs it.
func runScript(t *testing.T, node, source string, in []byte) []byte {
	t.Helper()
	res := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: source, ResolveDir: "../../themes/civic/assets", Loader: api.LoaderTS},
		Bundle: true, Platform: api.PlatformNode, Target: api.ES2018, TsconfigRaw: "{}",
	})
	if len(res.Errors) > 0 {
		t.Fatal(res.Errors)
	}
	script := filepath.Join(t.TempDir(), "test.js")
	if err := os.WriteFile(script, res.OutputFiles[0].Contents, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, script)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
