import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Draft } from '../draft.ts'
import { FILE_TYPES } from '../file-rules.ts'
import { words } from '../words/index.ts'
import { Icon } from './icons.tsx'
import { useStore } from './use-store.ts'

export interface ComposerProps {
  draft: Draft
  field: RefObject<HTMLTextAreaElement | null>
  onSay: (text: string) => void
  /** Absent where files cannot be sent. */
  onFiles?: ((files: File[]) => void) | undefined
  onTyping: (isTyping: boolean) => void
  /** The arrow up in the empty field leads into the messages. */
  onUp?: () => void
}

/** The server takes no more. */
const MAX_CHARACTERS = 8_000
/** Who has not gone on writing for so long has stopped. */
const PAUSE_MS = 5_000

/** Enter sends, Shift+Enter breaks the line. */
export function Composer({ draft, field, onSay, onFiles, onTyping, onUp }: ComposerProps) {
  const text = useStore(draft)
  const over = tooMany(text)
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(pause.current), [])

  function change(now: string): void {
    draft.set(now)
    const wasTyping = pause.current !== undefined
    clearTimeout(pause.current)
    pause.current = now === '' ? undefined : setTimeout(stopTyping, PAUSE_MS)
    if (wasTyping !== (now !== '')) onTyping(now !== '')
  }

  function stopTyping(): void {
    pause.current = undefined
    onTyping(false)
  }

  function send(event: Event): void {
    event.preventDefault()
    // What was typed may not be drawn yet.
    const said = draft.state().trim()
    if (said === '' || tooMany(said) > 0) return
    onSay(said)
    change('')
    field.current?.focus()
  }

  function press(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event)
    if (event.key === 'ArrowUp' && text === '' && onUp) {
      event.preventDefault()
      onUp()
    }
  }

  return (
    <form class="composer" onSubmit={send}>
      <p role="status" id="too-long" class={over > 0 ? 'too-long' : 'visually-hidden'}>
        {over > 0 && words.tooLong(over)}
      </p>
      {onFiles && <FilePicker onFiles={onFiles} />}
      <textarea
        ref={field}
        rows={1}
        value={text}
        aria-label={words.writeHere}
        aria-invalid={over > 0}
        aria-describedby="too-long"
        placeholder={words.writeHere}
        enterkeyhint="send"
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={press}
        onPaste={(event) => {
          const files = [...(event.clipboardData?.files ?? [])]
          if (files.length === 0 || !onFiles) return
          event.preventDefault()
          onFiles(files)
        }}
      />
      <button
        type="submit"
        class="primary round"
        aria-label={words.send}
        disabled={text.trim() === '' || over > 0}
      >
        <Icon name="send" />
      </button>
    </form>
  )
}

/** Characters that the server does not take. */
const tooMany = (text: string): number => text.trim().length - MAX_CHARACTERS

function FilePicker({ onFiles }: { onFiles: (files: File[]) => void }) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        class="visually-hidden"
        tabIndex={-1}
        aria-hidden="true"
        accept={FILE_TYPES.join()}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])])
          currentTarget.value = ''
        }}
      />
      <button
        type="button"
        class="plain"
        aria-label={words.attach}
        onClick={() => picker.current?.click()}
      >
        <Icon name="attach" />
      </button>
    </>
  )
}
