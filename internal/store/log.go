package store

import "log/slog"

// LogValue keeps sealed answers, keys and tokens out of logs.
func (d *Draft) LogValue() slog.Value {
	return slog.GroupValue(slog.String("form", d.Form), slog.String("state", string(d.State)), slog.Int64("rev", d.Rev))
}

// LogValue keeps sealed answers and the check of the secret out of logs.
func (c *Case) LogValue() slog.Value {
	return slog.GroupValue(slog.String("form", c.Form), slog.String("reference", c.Reference), slog.String("state", string(c.State)))
}

// LogValue shows a job without its payload.
func (j *Job) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", j.ID), slog.String("kind", j.Kind),
		slog.String("reference", j.Reference), slog.Int("attempts", j.Attempts))
}

// LogValue keeps what somebody wrote out of logs.
func (e *Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", e.ID), slog.String("kind", e.Kind), slog.String("reference", e.Reference), slog.String("state", string(e.State)))
}
