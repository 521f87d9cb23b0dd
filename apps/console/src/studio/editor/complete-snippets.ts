import type { editor, languages } from 'monaco-editor'
import * as monaco from 'monaco-editor/editor/editor.api.js'
import { language } from '../words/index.ts'
import { type Snippet, SNIPPETS } from './snippets.ts'

/** Whoever types "Snippet", or completes nothing yet, is offered patterns of code. */
export function completeSnippets(): void {
  monaco.languages.registerCompletionItemProvider(['javascript', 'typescript'], {
    provideCompletionItems(model, position) {
      const { startColumn, endColumn, word } = model.getWordUntilPosition(position)
      const { lineNumber } = position
      const isMember = model.getLineContent(lineNumber)[startColumn - 2] === '.'
      if (isMember || !'snippet'.startsWith(word.toLowerCase())) return { suggestions: [] }
      const range = {
        startLineNumber: lineNumber,
        startColumn,
        endLineNumber: lineNumber,
        endColumn,
      }
      return { suggestions: SNIPPETS.map((snippet) => ({ ...proposalOf(snippet, model), range })) }
    },
  })
}

function proposalOf(
  { name, about, uses, body }: Snippet,
  model: editor.ITextModel,
): Omit<languages.CompletionItem, 'range'> {
  return {
    label: name,
    kind: monaco.languages.CompletionItemKind.Snippet,
    detail: about[language],
    insertText: body,
    insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
    filterText: `Snippet ${name}`,
    // After what the language proposes.
    sortText: '~',
    additionalTextEdits: [
      ...toTakeIn(uses, model),
      ...(body.includes('await ') ? toBeAsync(model) : []),
    ],
  }
}

/** What the source does not have of the toolbelt yet, below the comments that it begins with. */
function toTakeIn(uses: readonly string[], model: editor.ITextModel): languages.TextEdit[] {
  const text = model.getValue()
  const missing = uses.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))
  if (missing.length === 0) return []
  const lines = model.getLinesContent()
  const first = lines.findIndex((line) => !line.startsWith('//')) + 1
  const range = new monaco.Range(first, 1, first, 1)
  const names = `{ ${missing.join(', ')} }`
  const isModule = /^(import|export)\b/m.test(text)
  const line = isModule
    ? `import ${names} from 'lp-faas-toolbelt';`
    : `const ${names} = require('lp-faas-toolbelt');`
  return [{ range, text: `${line}\n` }]
}

/** The templates begin with a function that cannot wait. */
function toBeAsync(model: editor.ITextModel): languages.TextEdit[] {
  const found = model.findNextMatch(
    '^(export )?function lambda\\b',
    { lineNumber: 1, column: 1 },
    true,
    true,
    null,
    true,
  )
  if (!found) return []
  const column = 1 + (found.matches?.[1]?.length ?? 0)
  const { startLineNumber } = found.range
  return [
    { range: new monaco.Range(startLineNumber, column, startLineNumber, column), text: 'async ' },
  ]
}
