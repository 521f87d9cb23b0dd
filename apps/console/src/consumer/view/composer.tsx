import { useRef, useState } from 'preact/hooks'
import { words } from './words.ts'

export interface ComposerProps {
  onSay: (text: string) => void
  /** Absent where files cannot be sent. */
  onFile?: (file: File) => void
  onTyping: (isTyping: boolean) => void
}

/** The server takes no more. */
const LONGEST = 8_000

/** Enter sends, Shift+Enter breaks the line. */
export function Composer({ onSay, onFile, onTyping }: ComposerProps) {
  const [text, setText] = useState('')

  function change(now: string): void {
    if ((text === '') !== (now === '')) onTyping(now !== '')
    setText(now)
  }

  function send(event: Event): void {
    event.preventDefault()
    if (text.trim() === '') return
    onSay(text.trim())
    change('')
  }

  return (
    <form class="composer" onSubmit={send}>
      {onFile && <FilePicker onFile={onFile} />}
      <textarea
        rows={1}
        value={text}
        maxLength={LONGEST}
        aria-label={words.writeHere}
        placeholder={words.writeHere}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event)
        }}
      />
      <button type="submit" class="primary" disabled={text.trim() === ''}>
        {words.send}
      </button>
    </form>
  )
}

function FilePicker({ onFile }: { onFile: (file: File) => void }) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={picker}
        type="file"
        class="visually-hidden"
        tabIndex={-1}
        aria-label={words.attach}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) onFile(file)
          currentTarget.value = ''
        }}
      />
      <button type="button" aria-label={words.attach} onClick={() => picker.current?.click()}>
        <span aria-hidden="true">+</span>
      </button>
    </>
  )
}
