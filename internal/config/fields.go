package config

import "handrail/internal/schema"

// The keys of site.yaml, as data. Texts may be given once for all languages
// or as a group of language tags.

func f(kind schema.Kind, key, en, zh string) *schema.Field {
	return &schema.Field{Key: key, Kind: kind, EN: en, ZH: zh}
}

func text(key, en, zh string) *schema.Field { return f(schema.Text, key, en, zh) }
func link(key, en, zh string) *schema.Field { return f(schema.URL, key, en, zh) }

// texts is a text, or a text for each language; decode looks at it again.
func texts(key, en, zh string) *schema.Field { return f(schema.Any, key, en, zh) }

func group(key, en, zh string, fields ...*schema.Field) *schema.Field {
	x := f(schema.Object, key, en, zh)
	x.Fields = fields
	return x
}

func keyed(key, en, zh string, item *schema.Field) *schema.Field {
	x := f(schema.Map, key, en, zh)
	x.Item = item
	return x
}

func list(key, en, zh string, fields ...*schema.Field) *schema.Field {
	x := f(schema.List, key, en, zh)
	x.Item = &schema.Field{Kind: schema.Object, Fields: fields}
	return x
}

func enum(key, en, zh string, words ...string) *schema.Field {
	x := f(schema.Enum, key, en, zh)
	x.Enum = words
	return x
}

func must(x *schema.Field) *schema.Field {
	x.Required = true
	return x
}

// Fields returns the keys of site.yaml, for editors and the handbook.
func Fields() []*schema.Field {
	item := []*schema.Field{
		must(text("text", "what the reader sees", "文字")),
		must(link("page", "where it leads: a page or an address", "页面或网址")),
	}
	items := &schema.Field{Kind: schema.List, Item: &schema.Field{Kind: schema.Object, Fields: item}}
	doors := &schema.Field{Kind: schema.List, Item: &schema.Field{Kind: schema.Object, Fields: append([]*schema.Field{
		text("note", "one line below it", "说明"),
		text("icon", "the name of one of the theme's icons", "图标"),
	}, item...)}}
	names := &schema.Field{Kind: schema.List, Item: &schema.Field{Kind: schema.Text}}
	editions := f(schema.List, "editions", "which editions are built", "发布的版本")
	editions.Item = enum("", "", "", "standard", "care")
	size := f(schema.Int, "page-size", "how many pages one list page shows", "列表每页条数")
	size.Min, size.Max = 1, 1000
	return []*schema.Field{
		texts("title", "the site's name", "网站名称"),
		texts("description", "what the site is for", "网站说明"),
		text("base-url", "where the site will be: https://…", "网站地址"),
		text("time-zone", "an IANA name, such as Asia/Shanghai", "时区"),
		text("default-language", "the language without a prefix in its URLs", "默认语言"),
		list("languages", "the site's languages", "语言",
			must(text("tag", "the BCP 47 tag, as in content/<tag>/", "语言标记")),
			text("name", "its name in its own words", "语言名称")),
		editions,
		text("theme", "a folder in themes/, or civic", "主题"),
		f(schema.Bool, "server", "true: the companion server runs behind the site", "有配套服务"),
		f(schema.Bool, "progress", "false: pages do not remember where a reader was", "记住读到哪里；false 表示不用"),
		f(schema.Bool, "strict", "true: unknown keys are errors on every page", "严格模式"),
		enum("on-fail", "what a failing page does: stop publishing, or hold only that page back", "检查不通过时", "stop", "hold"),
		enum("level", "the WCAG level that closes the gate", "WCAG 等级", "A", "AA", "AAA"),
		size,
		keyed("departments", "who answers for pages", "部门", department()),
		keyed("topics", "the names of topics", "主题词", group("", "", "",
			texts("name", "the topic's name", "名称"),
			texts("summary", "what belongs to it", "说明"))),
		keyed("menus", "the main menu of each language", "主菜单", items),
		group("help", "whom to ask, on every page", "求助方式",
			text("phone", "the number to call", "电话"),
			text("text-number", "the number for text messages", "短信号码"),
			text("email", "the address to write to", "电子邮箱"),
			texts("hours", "when somebody answers", "服务时间"),
			texts("note", "anything else about it", "说明"),
			link("office", "where to go in person", "线下网点"),
			link("page", "the help page", "帮助页面")),
		group("government", "what sites of authorities must show", "政府网站标识",
			texts("host", "the host", "主办单位"),
			texts("undertaker", "who runs it", "承办单位"),
			text("icp", "the ICP number", "ICP 备案号"),
			text("police", "the police registration", "公安备案号"),
			text("site-id-code", "the site's id code", "网站标识码"),
			text("party-mark-url", "the entry in the register of official websites", "党政机关网站标识的链接"),
			text("correction-url", "where to report mistakes", "找错链接")),
		group("footer", "the end of every page", "页脚",
			texts("note", "a line of text", "文字"),
			keyed("links", "links of each language", "链接", items)),
		group("care", "the care edition", "关怀版",
			keyed("doors", "the large choices on its home page", "首页大按钮", doors),
			keyed("names", "the names that people look for it by", "大家对关怀版的叫法", names)),
		keyed("urgent", "a line on top of every page", "紧急提示", group("", "", "",
			text("label", "the word before it", "标签"), item[0], item[1])),
		group("offline", "reading without a connection", "没有网络时阅读", offlinePages()),
		keyed("audio", "how plain versions are read at build, by language", "生成通俗版录音的方法（按语言）", audio()),
		list("acceptances", "findings that may pass for a while", "暂时接受的问题",
			must(text("rule", "the rule's id", "规则")),
			must(text("page", "the page's path, or * for all", "页面")),
			text("target", "the element, as in the report", "元素"),
			must(text("reason", "why", "理由")),
			must(f(schema.Date, "until", "the last day", "截止日期"))),
		keyed("rules", "the severity of a rule: error, warning, notice or off", "规则的严重程度",
			enum("", "", "", "error", "warning", "notice", "off")),
		text("baseline", "a file with the findings that the site started with", "基线文件"),
		f(schema.Map, "params", "the theme's own settings", "主题参数"),
	}
}

func offlinePages() *schema.Field {
	x := must(f(schema.List, "pages", "the pages that are kept on a reader's device", "保存到读者设备上的页面"))
	x.Item = f(schema.URL, "", "", "")
	return x
}

func audio() *schema.Field {
	command := must(f(schema.List, "command", "a program and what it is told; it gets the text on its standard input", "程序和参数，文字从标准输入传入"))
	command.Item = text("", "", "")
	seconds := f(schema.Int, "timeout", "how many seconds one page may take; 120 when not said", "每页最多多少秒，默认 120")
	seconds.Min, seconds.Max = 1, 3600
	return group("", "", "", command,
		must(enum("type", "what the program makes", "录音的格式", "audio/mpeg", "audio/ogg", "audio/opus", "audio/mp4", "audio/aac", "audio/wav", "audio/webm", "audio/flac")),
		seconds)
}

func department() *schema.Field {
	return group("", "", "",
		must(texts("name", "its name", "名称")),
		text("phone", "the number to call", "电话"),
		text("text", "how to ask in writing", "文字咨询"),
		text("email", "the address to write to", "电子邮箱"),
		texts("address", "where it is", "地址"),
		texts("hours", "when it is open", "工作时间"),
		link("page", "its page on this site", "页面"))
}
