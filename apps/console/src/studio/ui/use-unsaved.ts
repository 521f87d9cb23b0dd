import { useBlocker } from '@tanstack/react-router'
import { useEffect } from 'react'
import { operateWords } from '../words/operate.ts'

/**
 * Asks before somebody leaves a form with what is not saved in it, in whatever way. A form that goes on by itself, once it has saved,
 * says `ignoreBlocker`.
 * @param onDirty called when something is typed that is not saved: what was said of the last save does not hold for it
 * @param isKeptOverSearch the form stays where only the search part of the address changes
 */
export function useUnsaved(isDirty: boolean, onDirty?: () => void, isKeptOverSearch = false): void {
  useEffect(() => {
    if (isDirty) onDirty?.()
  }, [isDirty])
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      !(isKeptOverSearch && current.pathname === next.pathname) && !confirm(operateWords.leave),
    disabled: !isDirty,
  })
}
