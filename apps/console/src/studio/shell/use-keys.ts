import { useEffect, useRef } from 'react'
import { letters } from './keys.ts'
import { openDialogs } from './open-dialogs.ts'

interface Keys {
  /** A letter after `g`. */
  onGo: (letter: string) => void
  onPalette: () => void
  onActions: () => void
  onHelp: () => void
}

/** What takes letters itself. */
const TAKES_LETTERS =
  'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], .monaco-editor, [role=listbox], [role=menu]'
/** The first of these on the page is its filter. */
const FILTERS = ['main [role=search] input', 'main input[type=search]', 'main .filters button']

/** The keys of every page. Whatever has the focus may use a key before. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    let isAfterG = false
    function press(event: KeyboardEvent): void {
      const { key, ctrlKey, metaKey, altKey, target } = event
      const wasAfterG = isAfterG
      isAfterG = false
      if (event.defaultPrevented || ctrlKey || metaKey || altKey || openDialogs().length > 0) return
      if (isIn(target, TAKES_LETTERS) || !letters.areOn()) return
      if (wasAfterG) latest.current.onGo(key.toLowerCase())
      else if (key === 'g') isAfterG = true
      else if (key === '?') latest.current.onHelp()
      else if (key === '/') toFilter(event)
    }
    /** Before the field that has the focus, which may keep keys to itself. */
    function pressFirst(event: KeyboardEvent): void {
      const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event
      if (!(ctrlKey || metaKey) || altKey || shiftKey || openDialogs().length > 0) return
      const pressed = key.toLowerCase()
      // In the code editor, keys of two parts begin with Ctrl+K.
      if (pressed === 'k' && isIn(target, '.monaco-editor')) return
      if (pressed !== 'k' && pressed !== 'j') return
      event.preventDefault()
      event.stopPropagation()
      if (pressed === 'k') latest.current.onPalette()
      else latest.current.onActions()
    }
    addEventListener('keydown', press)
    addEventListener('keydown', pressFirst, true)
    return () => {
      removeEventListener('keydown', press)
      removeEventListener('keydown', pressFirst, true)
    }
  }, [])
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null
}

function toFilter(event: KeyboardEvent): void {
  const found = FILTERS.map((one) => document.querySelector<HTMLElement>(one)).find(Boolean)
  if (!found) return
  event.preventDefault()
  found.focus()
  if (found instanceof HTMLInputElement) found.select()
}
