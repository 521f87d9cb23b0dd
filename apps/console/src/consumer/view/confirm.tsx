import { useLayoutEffect, useRef } from 'preact/hooks'
import { words } from '../words/index.ts'

export interface ConfirmProps {
  question: string
  yes: string
  onYes: () => void
  onNo: () => void
}

/** Asks before something that cannot be taken back. */
export function Confirm({ question, yes, onYes, onNo }: ConfirmProps) {
  const no = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => no.current?.focus(), [])
  return (
    <div
      class="footer"
      role="alertdialog"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onNo()
      }}
    >
      <p>{question}</p>
      <div class="horizontal">
        <button ref={no} type="button" onClick={onNo}>
          {words.cancel}
        </button>
        <button type="button" class="danger" onClick={onYes}>
          {yes}
        </button>
      </div>
    </div>
  )
}
