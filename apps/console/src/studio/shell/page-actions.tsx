import { useState } from 'react'
import { Menu, MenuItem } from 'react-aria-components/Menu'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { keyWords as t } from '../words/keys.ts'

interface Action {
  name: string
  /** The first of its name that no other action has. */
  letter: string
  run: () => void
}

/** What the page offers now, each with a letter: a menu for the keyboard. */
export function PageActions({ onClose }: { onClose: () => void }) {
  const [actions] = useState(findActions)

  function take({ run }: Action): void {
    onClose()
    // Once the focus is back where it was.
    requestAnimationFrame(() => requestAnimationFrame(run))
  }

  return (
    <ModalDialog title={t.actions} onClose={onClose}>
      <div
        onKeyDownCapture={(event) => {
          const { key, ctrlKey, metaKey, altKey } = event
          const wanted = actions.find(({ letter }) => letter === key.toLowerCase())
          if (!wanted || ctrlKey || metaKey || altKey) return
          event.preventDefault()
          event.stopPropagation()
          take(wanted)
        }}
      >
        <Menu
          className="list-box"
          aria-label={t.actions}
          autoFocus="first"
          items={actions}
          renderEmptyState={() => <p className="empty">{t.noActions}</p>}
        >
          {(action) => (
            <MenuItem id={action.name} textValue={action.name} onAction={() => take(action)}>
              <span className="palette-item">
                {action.name}
                <kbd>{action.letter}</kbd>
              </span>
            </MenuItem>
          )}
        </Menu>
      </div>
    </ModalDialog>
  )
}

/** The buttons beside the title, and those that the page marks. */
function findActions(): Action[] {
  const found = document.querySelectorAll<HTMLElement>(
    'main .page-head .actions :is(button, a), main button[data-action]',
  )
  const taken = new Set<string>()
  return [...found]
    .filter((one) => !one.matches(':disabled, [aria-disabled=true]') && one.checkVisibility())
    .map((one) => {
      const name = (one.ariaLabel ?? one.textContent ?? '').trim()
      const letters = Array.from(name.toLowerCase())
      const letter = letters.find((at) => /\p{L}/u.test(at) && !taken.has(at)) ?? ''
      taken.add(letter)
      return { name, letter, run: () => one.click() }
    })
}
