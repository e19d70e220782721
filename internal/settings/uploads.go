package settings

import (
	"strconv"

	"handrail/internal/schema"
)

func uploadsField() *schema.Field {
	f := field(schema.Object, "uploads", "how much room files may take", "文件可以占多少空间")
	size := func(key, en, zh string, most float64) *schema.Field {
		n := field(schema.Int, key, en, zh)
		n.Min, n.Max = 1, most
		return n
	}
	f.Fields = []*schema.Field{
		size("draft-mb", "all files of one draft or case, in MB; 100 if nothing is said", "一份草稿或一件的全部文件，单位MB，不写就是100", 10_000),
		size("total-gb", "all files, in GB; 50 if nothing is said", "全部文件，单位GB，不写就是50", 1_000_000),
		size("reserve-mb", "what stays free on the disk, in MB; 64 if nothing is said", "磁盘上留出的空间，单位MB，不写就是64", 1_000_000),
	}
	return f
}

// uploads reads the limits of files; what is not said keeps its default.
func (d *decoder) uploads(v *schema.Value) {
	if v == nil || v.Kind != schema.Object {
		return
	}
	for key, to := range map[string]struct {
		bytes *int64
		unit  int64
	}{
		"draft-mb":   {&d.s.Uploads.Draft, 1 << 20},
		"total-gb":   {&d.s.Uploads.Total, 1 << 30},
		"reserve-mb": {&d.s.Uploads.Reserve, 1 << 20},
	} {
		if x := v.Get(key); x != nil {
			if n, err := strconv.ParseInt(x.Text, 10, 64); err == nil && n > 0 {
				*to.bytes = n * to.unit
			}
		}
	}
}
