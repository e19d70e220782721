package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"handrail/internal/build"
)

// heavyBuilt is the heavy site, built once for the tests that need it.
var heavyBuilt struct {
	sync.Mutex
	files map[string][]byte
	res   *build.Result
}

func heavy(t *testing.T) (map[string][]byte, *build.Result) {
	t.Helper()
	heavyBuilt.Lock()
	defer heavyBuilt.Unlock()
	if heavyBuilt.res == nil {
		heavyBuilt.files, heavyBuilt.res = buildSite(t, heavySite(t))
	}
	return heavyBuilt.files, heavyBuilt.res
}

// heavySite writes a copy of our own site with pages as heavy as a real city
// has them: a long policy, a service with everything, a list of 500.
func heavySite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{"content", "data"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join("../..", part))); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	settings, err := os.ReadFile("../../site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "site.yaml", string(settings))
	put(t, dir, "content/zh-Hans/policies/long.md", longPolicy(t, "zh-Hans", "安和市城乡社区服务管理条例", 24000))
	put(t, dir, "content/en/policies/long.md", longPolicy(t, "en", "Regulations of Anhe City on community services", 60000))
	text := sentences(t)
	put(t, dir, "content/zh-Hans/services/long.md", longService(text))
	put(t, dir, "content/zh-Hans/notices/index.md", "---\ntitle: 公示公告\ntype: section\npage-size: 500\nsummary: 各街道、各部门的公示和公告。\ndate: 2026-01-05\n---\n")
	for i := range 500 {
		put(t, dir, fmt.Sprintf("content/zh-Hans/notices/n%03d.md", i), notice(text, i))
	}
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// prose is the text of all our own pages in a language, without front matter:
// made-up text would pack better than a real one.
func prose(t *testing.T, tag string) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(os.DirFS("../../content/"+tag), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".md") || strings.HasPrefix(name, "handbook/") {
			return err
		}
		src, err := os.ReadFile(filepath.Join("../../content", tag, name))
		_, body, _ := strings.Cut(strings.TrimPrefix(string(src), "---\n"), "\n---\n")
		b.WriteString(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sentences cuts the prose at full stops, without markup.
func sentences(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, line := range strings.Split(prose(t, "zh-Hans"), "\n") {
		if strings.ContainsAny(line, "|[]<>{}:*`#\"") {
			continue
		}
		for s := range strings.SplitSeq(strings.TrimLeft(line, "-0123456789. "), "。") {
			if n := len([]rune(s)); n > 8 && n < 60 {
				out = append(out, s+"。")
			}
		}
	}
	if len(out) < 300 {
		t.Fatalf("%d sentences are too few", len(out))
	}
	return out
}

// longPolicy is a policy of so many paragraphs: 24,000 Han are a long one.
func longPolicy(t *testing.T, tag, title string, most int) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\ntype: policy\nsummary: %s\nnumber: 安政规〔2026〕1号\nissuer: 安和市人民政府\nissued: 2026-01-05\neffective: 2026-02-01\ndate: 2026-01-05\nstatus: in-force\nindex-number: 000000000/2026-00001\n---\n", title, title)
	n := 0
	for line := range strings.SplitSeq(prose(t, tag), "\n") {
		if strings.ContainsAny(line, "[]{}:<>") {
			continue
		}
		if n += len([]rune(line)); n > most {
			break
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// words of the generated pages; together they give 500 different titles.
var (
	places = strings.Fields("平桥街道 柳湾街道 北山镇 东门社区 西关社区 南苑新村 河口村 大槐树村 石桥村 青龙潭村")
	things = strings.Fields("老旧小区加装电梯 高龄津贴发放名单 公共租赁住房分配 道路临时封闭施工 自来水管网检修停水 社区食堂招标 残疾人家庭无障碍改造 低保对象动态调整 冬季采暖补贴核定 公交线路走向调整")
	papers = strings.Fields("居民身份证 户口簿 结婚证 银行卡 房屋租赁合同 收入证明 诊断证明 委托书 一寸照片 申请表")
)

func notice(text []string, i int) string {
	place, thing, round := places[i%10], things[i/10%10], i/100+1
	return fmt.Sprintf("---\ntitle: %s关于%s的公示（第%d批）\ntype: news\nsummary: %s\nsource: %s\ndate: 2026-%02d-%02d\n---\n\n本批共%d项，公示期5个工作日。\n",
		place, thing, round, text[i%len(text)], place, i%10+1, i%27+1, i%40+3)
}

// longService uses every field of a service, each with many entries.
func longService(text []string) string {
	next := 0
	say := func() string { next++; return text[next*7%len(text)] }
	var b strings.Builder
	b.WriteString("---\ntitle: 城乡居民综合救助申请\ntype: service\nsummary: 生活有困难的家庭，可以在一个窗口申请全部救助，由街道一次受理、分头办理。\ndepartment: civil-affairs\ndate: 2025-07-01\ncode: AH-MZ-0999\ntask-type: benefit\naudience: 户口或者居住证在安和市的家庭\nget: 按困难程度发给的补助、减免和上门服务。\nconditions:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - %s的居民家庭，人均收入低于%d元。%s\n", places[i%10], 8000+i*350, say())
	}
	b.WriteString("materials:\n")
	for i := range 30 {
		fmt.Fprintf(&b, "  - { name: %s（第%d份）, form: original, copies: %d, source: self, needed: required, note: %s }\n", papers[i%10], i/10+1, i%3+1, say())
	}
	b.WriteString("steps:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - { title: %s核对第%d项, text: %s, who: %s, time: %d个工作日 }\n", places[i%10], i+1, say(), places[(i+1)%10], i%5+1)
	}
	b.WriteString("legal-limit: { days: 60, unit: workday }\npromised-limit: { days: 30, unit: workday }\nfee: { charged: false }\nhours: 工作日8:30—17:30\nphone: 0300-555-0123\ntext-contact: \"12345\"\ncomplaint: 打12345。\nfaq:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - { q: 已经办过%s，还能申请吗？, a: %s%s }\n", things[i%10], say(), say())
	}
	b.WriteString("plain:\n  who: 家里有困难的人。\n  get: 补助和上门服务。\n  bring: 身份证、户口簿。\n  do: 到便民服务中心申请。\n  when: 随时可以申请。\n  ask: 打12345，或者发短信到12345。\n---\n")
	for i := range 12 {
		fmt.Fprintf(&b, "\n## %s的特别规定\n\n%s由%s统一受理。%s%s\n\n| 情形 | 材料 | 时限 |\n| --- | --- | --- |\n| 首次申请 | %s | %d天 |\n| 变更 | %s | %d天 |\n",
			things[i%10], things[i%10]+fmt.Sprint(i), places[i%10], say(), say(), papers[(i+2)%10], i+3, papers[(i+3)%10], i+1)
	}
	return b.String()
}
