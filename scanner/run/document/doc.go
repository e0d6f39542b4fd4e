// Package document writes the run document and reads it, that of this version and
// those of older ones. What stands many times in a run stands once in its document, and
// what is usual is left out. What an older version said in words is read into codes and
// numbers here, so that nothing behind it looks at words.
//
// It knows the form of a run, and not how one is made or judged.
package document
