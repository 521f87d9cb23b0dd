import { problemOf, upload } from './files.ts'
import type { Place } from './identity.ts'
import type { Link } from './link.ts'
import { noticeOf } from './notice.ts'
import type { Sender } from './sender.ts'
import type { Entry, State } from './state.ts'

export interface FileSenderDeps {
  link(): Link
  state(): State
  change(part: Partial<State>): void
  sender: Sender
  wanted: Pick<Place, 'origin'> & { maxFileBytes: number }
}

/** Shows a file at once, uploads it, then sends the message that names it. */
export interface FileSender {
  send(file: File): Promise<void>
  retry(entry: Pick<Entry, 'key'>): void
}

export function openFileSender({
  link,
  state,
  change,
  sender,
  wanted,
}: FileSenderDeps): FileSender {
  /** What could not be sent, for another try. */
  const kept = new Map<string, File>()

  function changeEntry(key: string, part: Partial<Entry>): void {
    change({ entries: state().entries.map((one) => (one.key === key ? { ...one, ...part } : one)) })
  }

  async function send(file: File): Promise<void> {
    const { name: caption, type: fileType } = file
    const localUrl = fileType.startsWith('image/') ? URL.createObjectURL(file) : undefined
    const shown = { kind: 'file', caption, relativePath: '', fileType, localUrl } as const
    const problem = problemOf(file, wanted.maxFileBytes)
    const key = sender.show(shown, problem === undefined ? { progress: 0 } : { problem })
    kept.set(key, file)
    if (problem !== undefined) return
    try {
      const relativePath = await upload(wanted.origin, link(), file, (progress) =>
        changeEntry(key, { progress }),
      )
      kept.delete(key)
      changeEntry(key, { progress: undefined, content: { ...shown, relativePath } })
      const message = { caption, relativePath, fileType }
      sender.enqueue({ type: 'ContentEvent', contentType: 'hosted/file', message }, { key })
    } catch (error) {
      changeEntry(key, { progress: undefined, problem: noticeOf(error) })
    }
  }

  return {
    send,
    retry({ key }) {
      const file = kept.get(key)
      kept.delete(key)
      if (file) void send(file)
    },
  }
}
