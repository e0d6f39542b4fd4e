package intent

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxNesting is how deep the parser goes; the form of the file needs far less
// (maxDepth), and what is deeper gets a message of its own up to here.
const maxNesting = 200

// parseYAML returns the one document of a file, nil where it holds nothing. A
// parser that panics on hostile text is an error like any other.
func parseYAML(data []byte) (body *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			body, err = nil, errors.New("the text cannot be parsed")
		}
	}()
	documents, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxNesting))))
	if err != nil {
		return nil, err
	}
	for {
		var d yaml.Node
		err := documents.Load(&d)
		switch {
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return nil, err
		case len(d.Content) == 0 || isNull(d.Content[0]):
		case body == nil:
			body = d.Content[0]
		default:
			return nil, errors.New("there is more than one document; remove what follows the second ---")
		}
	}
}

// isNull reports whether a node is a value that is missing.
func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" && unadorned(n)
}

// unadorned reports whether a node is what it looks like: no alias of another,
// without an anchor and without a tag.
func unadorned(n *yaml.Node) bool {
	return n.Kind != yaml.AliasNode && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}

// follow finds for each node of a document the line of what comes after it; last
// is that behind the document.
func follow(n *yaml.Node, last int, lines map[*yaml.Node]int) {
	lines[n] = last
	for i := len(n.Content) - 1; i >= 0; i-- {
		follow(n.Content[i], last, lines)
		last = n.Content[i].Line
	}
}
