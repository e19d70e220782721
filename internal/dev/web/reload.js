new EventSource("/.handrail/dev/events").addEventListener("reload", () => location.reload());
