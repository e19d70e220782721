// Package e2e proves the built pages in a real browser. Its tests need
// Chromium and axe-core (npm ci in this folder) and run when HANDRAIL_BROWSER
// is set, as .ci/test does.
package e2e
