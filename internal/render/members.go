package render

import (
	"reflect"

	"handrail/internal/theme"
)

// types lists the methods of the view types that templates may use. Exported
// fields need no entry.
var types = map[reflect.Type]theme.Members{
	reflect.TypeFor[*Value](): {
		"Text": theme.Get((*Value).Text), "HTML": theme.Get((*Value).HTML), "Is": theme.GetBy((*Value).Is),
		"Bool": theme.Get((*Value).Bool), "Int": theme.Get((*Value).Int), "Has": theme.GetBy((*Value).Has),
		"Get": theme.GetBy((*Value).Get), "List": theme.Get((*Value).List), "Keys": theme.Get((*Value).Keys),
		"Key": theme.Get((*Value).Key), "Date": theme.Get((*Value).Date), "Page": theme.Get((*Value).Page),
		"File": theme.Get((*Value).File), "URL": theme.Get((*Value).URL), "Breaks": theme.Get((*Value).Breaks), "String": theme.Get((*Value).String),
	},
	reflect.TypeFor[*Date](): {
		"ISO": theme.Get((*Date).ISO), "Long": theme.Get((*Date).Long), "String": theme.Get((*Date).String),
	},
	reflect.TypeFor[*PageRef](): refMembers(func(r *PageRef) *PageRef { return r }),
	reflect.TypeFor[*Page]():    pageMembers(),
	reflect.TypeFor[*Site](): {
		"Title": theme.Get((*Site).Title), "Description": theme.Get((*Site).Description), "Home": theme.Get((*Site).Home),
		"HomeOther": theme.Get((*Site).HomeOther), "BaseURL": theme.Get((*Site).BaseURL), "Langs": theme.Get((*Site).Langs),
		"Menu": theme.Get((*Site).Menu), "FooterLinks": theme.Get((*Site).FooterLinks), "FooterNote": theme.Get((*Site).FooterNote),
		"Doors": theme.Get((*Site).Doors), "CareNames": theme.Get((*Site).CareNames), "Help": theme.Get((*Site).Help), "Urgent": theme.Get((*Site).Urgent),
		"Gov": theme.Get((*Site).Gov), "Params": theme.Get((*Site).Params), "Data": theme.GetBy((*Site).Data),
		"Worker": theme.Get((*Site).Worker),
		"AZ":     theme.Get((*Site).AZ), "Topics": theme.Get((*Site).Topics), "SiteMap": theme.Get((*Site).SiteMap),
		"Display": theme.Get((*Site).Display), "Server": theme.Get((*Site).Server),
	},
	reflect.TypeFor[*Shared](): {
		"Site": theme.Get((*Shared).Site), "Lang": theme.Get((*Shared).Lang),
	},
	reflect.TypeFor[*GateReport](): {
		"Date": theme.Get((*GateReport).Date), "Rules": theme.Get((*GateReport).Rules), "Accepted": theme.Get((*GateReport).Accepted),
	},
	reflect.TypeFor[*Word](): {"URL": theme.Get((*Word).URL)},
	reflect.TypeFor[*Gov]():  {"Get": theme.GetBy((*Gov).Get)},
	reflect.TypeFor[*Section](): {
		"Title": theme.Get((*Section).Title), "HeadingHTML": theme.Get((*Section).HeadingHTML), "Block": theme.Get((*Section).Block), "Body": theme.Get((*Section).Body),
	},
	reflect.TypeFor[*TOCItem]():  {"HTML": theme.Get((*TOCItem).HTML)},
	reflect.TypeFor[*Plain]():    {"Body": theme.Get((*Plain).Body)},
	reflect.TypeFor[PlainItem](): {"HTML": theme.Get(PlainItem.HTML)},
	reflect.TypeFor[*Directive](): {
		"Body": theme.Get((*Directive).Body), "Attr": theme.GetBy((*Directive).Attr), "Title": theme.Get((*Directive).Title),
		"TitleHTML": theme.Get((*Directive).TitleHTML), "GateReport": theme.Get((*Directive).GateReport), "Kept": theme.Get((*Directive).Kept), "Size": theme.Get((*Directive).Size),
		"Words": theme.Get((*Directive).Words), "Official": theme.Get((*Directive).Official), "AllWords": theme.Get((*Directive).AllWords),
		"Drawing": theme.Get((*Directive).Drawing), "Summary": theme.Get((*Directive).Summary), "Page": theme.Get((*Directive).Page), "Department": theme.Get((*Directive).Department), "Site": theme.Get((*Directive).Site),
		"Lang": theme.Get((*Directive).Lang), "Language": theme.GetBy((*Directive).Language), "Ref": theme.GetBy((*Directive).Ref), "File": theme.GetBy((*Directive).File),
		"URL": theme.GetBy((*Directive).URL),
	},
}

// refMembers are the members of what one page may know of another; ref finds
// the PageRef in a value of type T.
func refMembers[T any](ref func(T) *PageRef) theme.Members {
	m := theme.Members{}
	add := func(name string, f func(*PageRef) any) {
		m[name] = theme.Get(func(v T) any { return f(ref(v)) })
	}
	add("ID", func(r *PageRef) any { return r.ID() })
	add("Kind", func(r *PageRef) any { return r.Kind() })
	add("Type", func(r *PageRef) any { return r.Type() })
	add("URL", func(r *PageRef) any { return r.URL() })
	add("OtherURL", func(r *PageRef) any { return r.OtherURL() })
	add("Current", func(r *PageRef) any { return r.Current() })
	add("Edition", func(r *PageRef) any { return r.w.edition })
	add("Exists", func(r *PageRef) any { return r.Exists() })
	add("Lang", func(r *PageRef) any { return r.Lang() })
	add("Title", func(r *PageRef) any { return r.Title() })
	add("MenuTitle", func(r *PageRef) any { return r.MenuTitle() })
	add("Summary", func(r *PageRef) any { return r.Summary() })
	add("Description", func(r *PageRef) any { return r.Description() })
	add("Date", func(r *PageRef) any { return r.Date() })
	add("Updated", func(r *PageRef) any { return r.Updated() })
	add("ReviewBy", func(r *PageRef) any { return r.ReviewBy() })
	add("Urgent", func(r *PageRef) any { return r.Urgent() })
	add("Foreign", func(r *PageRef) any { return r.Foreign() })
	add("Children", func(r *PageRef) any { return r.Children() })
	add("Department", func(r *PageRef) any { return r.Department() })
	add("Topics", func(r *PageRef) any { return r.Topics() })
	add("Keywords", func(r *PageRef) any { return r.Keywords() })
	m["Get"] = theme.GetBy(func(v T, path string) *Value { return ref(v).Get(path) })
	return m
}

func pageMembers() theme.Members {
	m := refMembers(func(p *Page) *PageRef { return &p.PageRef })
	for name, f := range map[string]theme.Member{
		"Layout": theme.Get((*Page).Layout), "Words": theme.Get((*Page).Words), "Kept": theme.Get((*Page).Kept), "OtherEdition": theme.Get((*Page).OtherEdition), "HasOther": theme.Get((*Page).HasOther),
		"Source": theme.Get((*Page).Source), "IsHome": theme.Get((*Page).IsHome), "Strict": theme.Get((*Page).Strict),
		"Site": theme.Get((*Page).Site), "MenuKey": theme.Get((*Page).MenuKey), "Canonical": theme.Get((*Page).Canonical),
		"Alternates": theme.Get((*Page).Alternates), "Translations": theme.Get((*Page).Translations), "Feeds": theme.Get((*Page).Feeds),
		"ManifestURL": theme.Get((*Page).ManifestURL), "Parent": theme.Get((*Page).Parent), "Prev": theme.Get((*Page).Prev),
		"Next": theme.Get((*Page).Next), "Interprets": theme.Get((*Page).Interprets), "Ancestors": theme.Get((*Page).Ancestors),
		"Related": theme.Get((*Page).Related), "InterpretedBy": theme.Get((*Page).InterpretedBy),
		"Journeys": theme.Get((*Page).Journeys), "Checklist": theme.Get((*Page).Checklist), "Pager": theme.Get((*Page).Pager),
		"Terms": theme.Get((*Page).Terms), "Letters": theme.Get((*Page).Letters), "Tree": theme.Get((*Page).Tree),
		"Form": theme.Get((*Page).Form), "Blocks": theme.Get((*Page).Blocks), "Arrivals": theme.Get((*Page).Arrivals),
		"HasBody": theme.Get((*Page).HasBody), "Audio": theme.Get((*Page).Audio), "Body": theme.Get((*Page).Body), "Intro": theme.Get((*Page).Intro),
		"Sections": theme.Get((*Page).Sections), "TOC": theme.Get((*Page).TOC), "Plain": theme.Get((*Page).Plain),
	} {
		m[name] = f
	}
	return m
}
