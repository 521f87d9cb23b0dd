import { useBlocker } from '@tanstack/react-router'
import { operateWords } from '../words/operate.ts'

/**
 * Asks before somebody leaves a form with what is not saved in it, in whatever way. A form that goes on by itself, once it has saved,
 * says `ignoreBlocker`.
 * @param isKeptOverSearch the form stays where only the search part of the address changes
 */
export function useUnsaved(isDirty: boolean, isKeptOverSearch = false): void {
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      !(isKeptOverSearch && current.pathname === next.pathname) && !confirm(operateWords.leave),
    disabled: !isDirty,
  })
}
