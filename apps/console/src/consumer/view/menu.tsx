import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { words } from '../words/index.ts'
import { Icon } from './icons.tsx'

/** A button that shows a list of buttons. Escape, a choice and leaving it close it. */
export function Menu({ children }: { children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)

  function close(): void {
    // What was chosen may have taken the focus already.
    const hasFocus = list.current?.matches(':focus-within')
    setOpen(false)
    if (hasFocus) opener.current?.focus()
  }

  function move(event: KeyboardEvent): void {
    const items = [...(list.current?.querySelectorAll('button') ?? [])]
    const present = items.findIndex((item) => item.matches(':focus'))
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape' && isOpen) {
      // Not the window as well.
      event.stopPropagation()
      setOpen(false)
      opener.current?.focus()
    } else if (step !== undefined && isOpen) {
      event.preventDefault()
      items.at((present + step) % items.length)?.focus()
    }
  }

  return (
    <div
      class="menu"
      onKeyDown={move}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) setOpen(false)
      }}
    >
      <button
        ref={opener}
        type="button"
        class="plain"
        aria-label={words.more}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="more" />
      </button>
      {isOpen && (
        <div ref={list} class="items" onClick={close}>
          {children}
        </div>
      )}
    </div>
  )
}
