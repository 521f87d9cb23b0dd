import { useEffect, useRef } from 'react'
import { Waiting } from '../ui/waiting.tsx'
import { useMonaco } from './use-monaco.ts'

interface Props {
  language: 'javascript' | 'typescript'
  before: string
  after: string
  /** What the two sides are called. */
  names: readonly [string, string]
}

/** Two sources beside each other; F7 goes from change to change. */
export function CodeDiff({ language, before, after, names }: Props) {
  const { monaco } = useMonaco()
  const frame = useRef<HTMLDivElement>(null)
  const [beforeName, afterName] = names
  useEffect(() => {
    if (!monaco || !frame.current) return
    const original = monaco.editor.createModel(before, language)
    const modified = monaco.editor.createModel(after, language)
    const view = monaco.editor.createDiffEditor(frame.current, {
      readOnly: true,
      automaticLayout: true,
      minimap: { enabled: false },
      // Beside sources of some lines it is one grey bar.
      renderOverviewRuler: false,
      fontSize: 13,
      scrollBeyondLastLine: false,
    })
    view.setModel({ original, modified })
    // As options of the whole they do not reach the two sides.
    view.getOriginalEditor().updateOptions({ ariaLabel: beforeName })
    view.getModifiedEditor().updateOptions({ ariaLabel: afterName })
    return () => {
      view.dispose()
      original.dispose()
      modified.dispose()
    }
  }, [monaco, language, before, after, beforeName, afterName])
  return (
    <div className="diff" ref={frame}>
      {!monaco && <Waiting />}
    </div>
  )
}
