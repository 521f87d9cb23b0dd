import { useEffect, useRef } from 'react'
import { openDialogs } from '../shell/open-dialogs.ts'

interface Keys {
  onSave: () => unknown
  onRun: () => unknown
}

/** Ctrl+S and Ctrl+Enter, wherever on the page the focus is: the browser would save the page, the code editor insert a line. */
export function useEditorKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event
      // What stands over the page has keys of its own.
      if (!(ctrlKey || metaKey) || altKey || shiftKey || openDialogs().length > 0) return
      if (key !== 's' && key !== 'Enter') return
      event.preventDefault()
      event.stopPropagation()
      if (key === 's') latest.current.onSave()
      else latest.current.onRun()
    }
    addEventListener('keydown', press, true)
    return () => removeEventListener('keydown', press, true)
  }, [])
}
