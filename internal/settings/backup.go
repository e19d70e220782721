package settings

import (
	"strconv"

	"filippo.io/age"

	"handrail/internal/schema"
)

// A Backup says where copies of the database go, and who can open them.
type Backup struct {
	Folder     string // "" for none
	Recipients []age.Recipient
	KeepDays   int
}

func backupField(recipients *schema.Field) *schema.Field {
	f := field(schema.Object, "backup", "copies that only the holders of its keys can open", "备份，只有持有密钥的人能打开")
	keep := field(schema.Int, "keep-days", "how many days copies are kept; 30 if nothing is said", "备份保留的天数，不写就是 30 天")
	keep.Min, keep.Max = 1, 3650
	folder := field(schema.Text, "folder", "where copies go", "备份放在哪个文件夹")
	folder.Required = true
	f.Fields = []*schema.Field{folder, recipients, keep}
	return f
}

func (d *decoder) backup(v *schema.Value) {
	if v == nil || v.Kind != schema.Object {
		return
	}
	b := &d.s.Backup
	if f := v.Get("folder"); f != nil {
		b.Folder = f.Text
	}
	if n := v.Get("keep-days"); n != nil {
		if days, err := strconv.Atoi(n.Text); err == nil {
			b.KeepDays = days
		}
	}
	b.Recipients = d.recipients(v, "a backup needs")
}
