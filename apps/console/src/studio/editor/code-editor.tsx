import type { SourceProblem } from '@parley/contract'
import { useEffect, useRef } from 'react'
import type { editor } from 'monaco-editor'
import { flushSync } from 'react-dom'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { useMonaco } from './use-monaco.ts'

export interface CodeEditorProps {
  label: string
  language: 'javascript' | 'typescript' | 'json'
  value: string
  onChange: (text: string) => void
  isReadOnly?: boolean
  problems?: readonly SourceProblem[]
  /** Told of the members that do not exist, as the editor itself finds them in JavaScript. */
  onWrongMembers?: (problems: readonly SourceProblem[]) => void
  /** A place to show and put the cursor at; another object means again. */
  goTo?: { line: number } | undefined
}

const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  minimap: { enabled: false },
  automaticLayout: true,
  scrollBeyondLastLine: false,
  fontSize: 13,
  tabSize: 2,
  fixedOverflowWidgets: true,
  // Faded text would be too faint to read.
  showUnused: false,
}

/** TypeScript's numbers of members that do not exist. */
const WRONG_MEMBER = new Set(['2339', '2551'])

/** Source or JSON with colours, problems and completion. */
export function CodeEditor(props: CodeEditorProps) {
  const { monaco, error } = useMonaco()
  const frame = useRef<HTMLDivElement>(null)
  const made = useRef<editor.IStandaloneCodeEditor>(undefined)
  const latest = useRef(props)
  latest.current = props
  const { label, language, value, isReadOnly = false, problems, goTo } = props

  useEffect(() => {
    if (!monaco || !frame.current) return
    const { onChange: _, ...first } = latest.current
    const view = monaco.editor.create(frame.current, {
      ...OPTIONS,
      value: first.value,
      language,
      readOnly: isReadOnly,
      ariaLabel: first.label,
    })
    made.current = view
    // At once: the next key may save or run it, and would do so with what stood there before.
    view.onDidChangeModelContent(() => flushSync(() => latest.current.onChange(view.getValue())))
    return () => {
      made.current = undefined
      // With its model, which it has made.
      view.dispose()
    }
  }, [monaco, language, isReadOnly])

  useEffect(() => made.current?.updateOptions({ ariaLabel: label }), [label])

  useEffect(() => {
    const view = made.current
    // What the user types comes back as a value, too.
    if (view && view.getValue() !== value) view.setValue(value)
  }, [value])

  useEffect(() => {
    const model = made.current?.getModel()
    if (!monaco || !model) return
    monaco.editor.setModelMarkers(
      model,
      'parley',
      (problems ?? []).map(({ message, line = 1, column = 1 }) => ({
        severity: monaco.MarkerSeverity.Warning,
        message,
        startLineNumber: line,
        startColumn: column,
        endLineNumber: line,
        endColumn: model.getWordAtPosition({ lineNumber: line, column })?.endColumn ?? column + 1,
      })),
    )
  }, [monaco, problems])

  useEffect(() => {
    if (!monaco) return undefined
    let told = '[]'
    const listener = monaco.editor.onDidChangeMarkers((changed) => {
      const uri = made.current?.getModel()?.uri
      if (!uri || !changed.some((one) => String(one) === String(uri))) return
      const problems = monaco.editor
        .getModelMarkers({ resource: uri, owner: 'javascript' })
        .filter(({ code }) => typeof code === 'string' && WRONG_MEMBER.has(code))
        .map(toProblem)
      // Markers of the same text change each time that some are set.
      const now = JSON.stringify(problems)
      if (now !== told) latest.current.onWrongMembers?.(problems)
      told = now
    })
    return () => listener.dispose()
  }, [monaco])

  useEffect(() => {
    if (!goTo || !made.current) return
    made.current.revealLineInCenter(goTo.line)
    made.current.setPosition({ lineNumber: goTo.line, column: 1 })
    made.current.focus()
  }, [goTo, monaco])

  if (error) return <ErrorNotice error={error} />
  return (
    <div className="code" ref={frame}>
      {!monaco && <Waiting />}
    </div>
  )
}

function toProblem(marker: editor.IMarker): SourceProblem {
  const { message, startLineNumber: line, startColumn: column } = marker
  return { rule: 'type', message, line, column }
}
