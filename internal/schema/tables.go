package schema

import "strings"

// The fields of every type. Keys are English in kebab-case; what a service
// must say follows the catalogue of the national 政务服务事项 (see the fact
// sheet on 办事指南 in the handbook).

// common is what a page of any type may carry.
var common = []*Field{
	text("type", "the type of the page", "页面类型"),
	text("title", "the title", "标题"),
	inline("summary", "what the page says, in one or two plain sentences", "用一两句话说明本页内容"),
	text("description", "one line for search engines and link previews", "供搜索引擎和链接预览使用的一行说明"),
	date("date", "when the page was published", "发布日期"),
	date("updated", "when its content last changed", "更新日期"),
	date("review-by", "when somebody has to look at it again", "复核期限"),
	field(ID, "department", "the id of a department in site.yaml", "负责部门（site.yaml 中的编号）"),
	list(Text, "topics", "ids of topics in site.yaml, or words", "主题（site.yaml 中的编号或词语）"),
	list(Text, "keywords", "words that people look for", "关键词"),
	list(Text, "also-called", "other names that people use; the A–Z lists them", "别名，列入索引"),
	yesNo("draft", "true: left out of builds", "草稿，不发布"),
	date("publish-at", "left out before this moment", "定时发布"),
	date("expires-at", "left out from this moment on", "到期下线"),
	list(Text, "aliases", "old addresses that lead here", "跳转到本页的旧地址"),
	field(Number, "weight", "place in lists; small numbers first", "排序，数字小的在前"),
	text("slug", "the last part of the address", "地址的最后一段"),
	text("url", "the whole address, from / on, without the language", "完整地址（不含语言前缀）"),
	text("lang", "the language, in folders that do not tell it", "语言"),
	text("translationKey", "equal in pages that translate each other", "互为译文的页面取相同值"),
	text("menu-title", "a short title for menus and breadcrumbs", "菜单和面包屑中的短标题"),
	list(Path, "related", "pages to read next", "相关页面"),
	field(Map, "cascade", "values for every page below this section", "下级页面的默认值"),
	object("plain", "the plain version: one idea a sentence, short words", "通俗版：一句一事，用短词",
		inline("who", "who can get it", "谁可以办"),
		inline("get", "what you get", "能得到什么"),
		inline("bring", "what to bring", "带什么"),
		inline("do", "what to do", "怎么办"),
		inline("when", "by when, or how long it takes", "什么时候、要多久"),
		inline("ask", "whom to ask", "问谁"),
	),
	path("audio", "a recording of the plain version, read by a person", "由人朗读的通俗版录音"),
	inline("source", "where the text comes from", "来源"),
	yesNo("urgent", "true: shown above other news", "紧急"),
	text("layout", "a layout other than the type's", "使用的布局"),
}

var types = []*Type{
	newType("page", "any page", "普通页面"),
	newType("section", "a folder of pages", "栏目",
		enum("order", "weight date title", "how the pages of the section are ordered", "下级页面的排序方式"),
		count("page-size", "how many pages one list page shows", "每页条数"),
	),
	service(), policy(),
	newType("interpretation", "explains a policy", "政策解读",
		must(wants("policy", path("interprets", "the policy it explains", "所解读的政策"))),
	),
	newType("news", "what happened", "动态",
		must(inline("source", "who reports it", "来源")),
		must(date("date", "when it was published", "发布日期")),
	),
	office(), journey(), form(),
}

// ways are the ways in which a step of a journey can be taken.
const ways = "online counter phone post home"

// journey is one matter of life that takes several services, 一件事.
func journey() *Type {
	how := field(List, "ways", "how it can be done", "怎么办")
	how.Item = &Field{Kind: Enum, Enum: strings.Fields(ways)}
	return newType("journey", "one matter of life that takes several services, in order", "一件事：按顺序办的几件事",
		must(inline("summary", "what one gets done, in plain words", "用通俗的话说明办什么事")),
		must(field(ID, "department", "the id of the department that leads, in site.yaml", "牵头部门（site.yaml 中的编号）")),
		inline("audience", "whom it is for", "服务对象"),
		inline("get", "what one gets", "能得到什么"),
		must(objects("steps", "the services and other steps, in order", "依次要办的事",
			must(text("title", "the step in a few words", "环节")),
			wants("service", path("service", "its service guide", "对应的办事指南")),
			how,
			inline("text", "what to do", "做什么"),
			inline("who", "who does it, where there is no service guide", "谁来做"),
			inline("time", "by when, or how long it takes", "什么时候、要多久"))),
		must(materials()),
		limit("promised-limit", "how long all of it takes", "总共要多久"),
		object("visits", "how often one has to come", "到现场次数",
			count("max", "at most", "最多次数"),
			inline("note", "why", "说明")),
		object("fee", "what it costs", "收费",
			must(yesNo("charged", "true or false", "是否收费")),
			inline("amount", "how much", "收费标准")),
		whereToGo(),
		inline("hours", "when it is open", "办理时间"),
		online(),
		text("phone", "the number to call", "咨询电话"),
		inline("text-contact", "how to ask in writing", "文字咨询方式"),
		byOther(),
		route("at-home", "at home", "上门办理"),
		plainVersion(),
	)
}

// route is one of the ways of getting a service: possible or not, and how.
func route(key, en, zh string, more ...*Field) *Field {
	return must(object(key, en, zh, append([]*Field{
		must(yesNo("possible", "true or false", "可以或不可以")),
		inline("how", "how it is done", "怎么办理"),
	}, more...)...))
}

func limit(key, en, zh string) *Field {
	return must(object(key, en, zh,
		count("days", "how many", "天数"),
		enum("unit", "workday day month", "of what", "单位：工作日、自然日或月"),
		inline("note", "anything else about it", "说明"),
	))
}

func service() *Type {
	return newType("service", "how to get something done: a service guide", "办事指南",
		must(inline("summary", "what one gets done here, in plain words", "用通俗的话说明办什么事")),
		must(field(ID, "department", "the id of the department in site.yaml", "实施主体（site.yaml 中的编号）")),
		text("code", "the item's code in the catalogue", "事项编码"),
		enum("task-type", "permit benefit award confirmation ruling penalty enforcement levy inspection other-power public-service",
			"what kind of act it is", "事项类型"),
		inline("audience", "whom it is for", "服务对象"),
		must(list(Inline, "conditions", "who can have it", "受理条件")),
		inline("get", "what one gets", "能得到什么"),
		must(materials()),
		must(objects("steps", "what happens, in order", "办理流程",
			must(text("title", "the step in a few words", "环节")),
			inline("text", "what to do", "做什么"),
			inline("who", "who does it", "谁来做"),
			inline("time", "how long it takes", "办理时限"))),
		limit("legal-limit", "how long the law allows", "法定办结时限"),
		limit("promised-limit", "how long the office promises", "承诺办结时限"),
		yesNo("instant", "true: done while you wait", "即办件"),
		object("visits", "how often one has to come", "到现场次数",
			count("max", "at most", "最多次数"),
			inline("note", "why", "说明")),
		must(object("fee", "what it costs", "收费",
			must(yesNo("charged", "true or false", "是否收费")),
			inline("amount", "how much", "收费标准"),
			inline("basis", "by which rule", "收费依据"),
			inline("waiver", "who pays less or nothing", "减免"))),
		objects("results", "what one has in the end", "办理结果",
			must(text("name", "what it is called", "结果名称")),
			enum("kind", "licence approval payment record other", "what it is", "结果类型"),
			inline("validity", "how long it is good for", "有效期"),
			inline("delivery", "how one gets it", "送达方式")),
		whereToGo(),
		inline("hours", "when it is open", "办理时间"),
		online(),
		text("phone", "the number to call", "咨询电话"),
		inline("text-contact", "how to ask in writing", "文字咨询方式"),
		route("by-phone", "by telephone", "电话办理"),
		route("by-post", "by post", "邮寄办理"),
		byOther(),
		route("at-home", "at home", "上门办理"),
		route("priority-lane", "without queuing, for those who need it", "绿色通道"),
		inline("complaint", "where to complain", "监督投诉"),
		inline("appeal", "how to appeal", "行政复议和诉讼"),
		objects("legal-basis", "the rules it rests on", "设定依据",
			must(text("name", "the name of the rule", "依据名称")),
			text("number", "its number", "文号"),
			text("articles", "which articles", "条款"),
			path("page", "its page on this site", "本站页面")),
		text("area", "where it can be done, whatever one's address", "通办范围"),
		objects("faq", "what people ask", "常见问题",
			must(text("q", "the question", "问题")),
			must(inline("a", "the answer", "答案"))),
		plainVersion(),
	)
}

func byOther() *Field {
	return route("by-someone-else", "by someone else", "代办",
		inline("who", "who may do it", "谁可以代办"),
		inline("authorisation", "what gives them the right", "委托方式"),
		list(Inline, "papers", "what they bring", "代办人带的材料"))
}

func whereToGo() *Field {
	return objects("where", "where to go", "办理地点",
		wants("office", path("office", "the page of the office", "网点页面")),
		text("name", "the name, without a page", "地点名称"),
		inline("address", "the address, without a page", "地址"),
		inline("note", "which window, which floor", "说明"))
}

func online() *Field {
	return object("online", "where to do it online", "网上办理",
		field(URL, "url", "the address", "网址"),
		inline("note", "what one needs for it", "说明"))
}

func materials() *Field {
	return objects("materials", "what to bring", "办理材料",
		must(inline("name", "what it is called", "材料名称")),
		enum("form", "original copy original-and-copy electronic", "in which form", "材料形式"),
		count("copies", "how many", "份数"),
		enum("source", "self government other", "where one gets it", "来源渠道"),
		enum("needed", "required optional deferrable", "whether it is needed", "材料必要性"),
		inline("note", "anything else about it", "说明"),
		field(File, "file", "a blank form or a sample to download", "空白表格或样表"),
		inline("when", "only in these cases", "何种情形需要"),
	)
}

// plainVersion is the common field, required; source drops the requirement
// where a .plain.md file lies beside the page.
func plainVersion() *Field {
	for _, f := range common {
		if f.Key == "plain" {
			c := *f
			return must(&c)
		}
	}
	panic("schema: no field plain")
}

func policy() *Type {
	return newType("policy", "a rule that is in force or was", "政策文件",
		must(inline("summary", "what it changes for people, in plain words", "用通俗的话说明主要内容")),
		must(text("number", "the document's number", "发文字号")),
		must(text("issuer", "who issued it", "发文机关")),
		must(date("issued", "when it was signed", "成文日期")),
		date("effective", "from when it holds", "施行日期"),
		must(enum("status", "in-force amended repealed", "whether it holds", "效力状态")),
		list(Path, "amended-by", "the policies that changed it", "被哪些文件修改"),
		path("repealed-by", "the policy that ended it", "被哪个文件废止"),
		text("index-number", "the number in the information catalogue", "索引号"),
		text("subject", "the subject in the information catalogue", "主题分类"),
	)
}

func office() *Type {
	return newType("office", "a place that people go to", "网点",
		must(inline("summary", "what one can do there", "在这里能办什么")),
		must(inline("address", "where it is", "地址")),
		inline("directions", "how to find the way in", "怎么找到入口"),
		inline("transport", "how to get there by bus or train", "公共交通"),
		must(objects("hours", "when it is open", "开放时间",
			must(text("days", "which days", "星期")),
			must(text("time", "from when to when", "时间")),
			inline("note", "anything else about it", "说明"))),
		must(text("phone", "the number to call", "电话")),
		inline("text-contact", "how to ask in writing", "文字联系方式"),
		text("email", "the e-mail address", "电子邮箱"),
		inline("sign-language", "when an interpreter is there", "手语服务时间"),
		list(Inline, "accessibility", "ramps, lifts, toilets, hearing loops …", "无障碍设施"),
		object("coordinates", "where it is on the map", "坐标",
			must(&Field{Key: "lat", Kind: Number, Min: -90, Max: 90, EN: "latitude", ZH: "纬度"}),
			must(&Field{Key: "lon", Kind: Number, Min: -180, Max: 180, EN: "longitude", ZH: "经度"})),
		list(Path, "services", "what can be done there", "可办事项"),
		inline("parking", "where to park", "停车"),
	)
}
