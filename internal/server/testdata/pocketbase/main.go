// Pocketbase is what `make bench-server` compares sending with: PocketBase as
// it comes, with one collection of four texts that anybody may add to.
package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	app := pocketbase.New()
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if _, err := e.App.FindCollectionByNameOrId("applications"); err == nil {
			return e.Next()
		}
		c := core.NewBaseCollection("applications")
		for _, name := range []string{"token", "name", "phone", "stove"} {
			c.Fields.Add(&core.TextField{Name: name, Required: true})
		}
		c.AddIndex("applications_token", true, "token", "")
		c.CreateRule = types.Pointer("")
		if err := e.App.Save(c); err != nil {
			return err
		}
		return e.Next()
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
