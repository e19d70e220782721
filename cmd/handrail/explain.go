package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"handrail/a11y/act"
	"handrail/a11y/rules"
	"handrail/a11y/texts"
	"handrail/a11y/wcag"
	"handrail/internal/gate"
)

func newExplainCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:     "explain [RULE]...",
		Short:   g.text("tool.explain.short"),
		Example: "  handrail explain image-name",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			t := texts.For(g.tool.Tag)
			if len(args) == 0 {
				for _, r := range rules.All() {
					fmt.Fprintf(g.stdout, "%-28s %s\n", r.ID, t.Title(r.ID))
				}
				for _, id := range gate.HouseRules() {
					fmt.Fprintf(g.stdout, "%-28s %s\n", id, g.text("gate."+id+".title"))
				}
				return nil
			}
			for i, id := range args {
				if i > 0 {
					fmt.Fprintln(g.stdout)
				}
				if err := g.explain(t, id); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func ruleIDs() []string {
	var ids []string
	for _, r := range rules.All() {
		ids = append(ids, r.ID)
	}
	return append(ids, gate.HouseRules()...)
}

// explain prints what a rule wants, why, and how to mend a failure.
func (g *globals) explain(t *texts.Texts, id string) error {
	if slices.Contains(gate.HouseRules(), id) {
		fmt.Fprintf(g.stdout, "%s: %s\n\n%s\n\n%s %s\n", id, g.text("gate."+id+".title"),
			g.text("gate."+id+".why"), g.text("tool.explain.fix"), g.text("gate."+id+".fix"))
		return nil
	}
	selected, err := rules.Select([]string{id})
	if err != nil {
		return err
	}
	r := selected[0]
	fmt.Fprintf(g.stdout, "%s: %s\n\n%s\n\n%s %s\n", id, t.Title(id), t.Why(id), g.text("tool.explain.fix"), t.Fix(id))
	for _, sc := range r.Criteria {
		if c, ok := wcag.Of(sc); ok {
			fmt.Fprintf(g.stdout, "\n%s %s %s (%s)", g.text("tool.explain.wcag"), sc, c.Name(g.tool.Tag), c.Level)
		}
	}
	if len(r.ACT) > 0 {
		fmt.Fprintf(g.stdout, "\nACT %s", strings.Join(r.ACT, ", "))
	}
	level := string(r.At())
	if r.At() == act.Best {
		level = g.text("tool.explain.best")
	}
	fmt.Fprintf(g.stdout, "\n%s %s\n", g.text("tool.explain.level"), level)
	return nil
}
