// Package rules holds the accessibility rules, one a file: what each is
// about and what it wants. A rule sees one page in one mode class (package
// act), speaks message IDs (words: package texts) and is proved by its cases
// in testdata/<rule id>.txtar.
package rules

import (
	"fmt"
	"slices"
	"strings"

	"handrail/a11y/act"
)

// All returns every rule, in ID order. The slice is the caller's own.
func All() []*act.Rule {
	return []*act.Rule{
		accesskeyUnique,
		ariaContext,
		ariaDefined,
		ariaHiddenFocus,
		ariaOwned,
		ariaPermitted,
		ariaProhibited,
		ariaRequired,
		ariaValue,
		autocompleteValid,
		autoplay,
		buttonName,
		bypass,
		bypassCollapse,
		bypassHeading,
		bypassLandmark,
		bypassSkip,
		careContrast,
		careFocus,
		careMotion,
		careReading,
		careSections,
		careTargetSize,
		careTextSize,
		contrastEnhanced,
		contrastMinimum,
		decorativeHidden,
		fieldName,
		focusVisible,
		frameName,
		frameTabindex,
		headersAttribute,
		headingName,
		headingOrder,
		idUnique,
		idrefExists,
		imageButtonName,
		imageName,
		imageText,
		labelInName,
		labelText,
		landmarkMain,
		landmarkUnique,
		langScript,
		layoutTable,
		letterSpacing,
		lineHeight,
		linkContext,
		linkInText,
		linkName,
		linkPurpose,
		listStructure,
		menuitemName,
		metaRefresh,
		metaRefreshStrict,
		newWindow,
		objectName,
		oneH1,
		orientationLock,
		pageLang,
		pageLangValid,
		pageLangWords,
		pageTitle,
		partLangValid,
		partLangWords,
		positiveTabindex,
		presentationalFocus,
		roleValid,
		sameNameFrames,
		sameNameLinks,
		scrollableFocus,
		skipLink,
		summaryName,
		svgName,
		tableHeaderCells,
		titleText,
		viewportZoom,
		wordSpacing,
	}
}

// Care reports whether a rule is for the care edition only: the numbers that
// older readers need beyond WCAG.
func Care(r *act.Rule) bool { return strings.HasPrefix(r.ID, "care-") }

// For returns the rules of an edition: all for care, else those that every
// page has to keep.
func For(care bool) []*act.Rule {
	all := All()
	if care {
		return all
	}
	return slices.DeleteFunc(all, Care)
}

// Select returns the rules with the IDs given, in ID order, and all rules
// when none is given. A W3C ACT rule ID selects the rules that implement it.
func Select(ids []string) ([]*act.Rule, error) {
	all := All()
	if len(ids) == 0 {
		return all, nil
	}
	wanted := map[*act.Rule]bool{}
	for _, id := range ids {
		found := false
		for _, r := range all {
			if r.ID == id || slices.Contains(r.ACT, id) {
				wanted[r] = true
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no rule %q", id)
		}
	}
	return slices.DeleteFunc(all, func(r *act.Rule) bool { return !wanted[r] }), nil
}
