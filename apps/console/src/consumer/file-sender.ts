import { SocketClosedError } from '@parley/client/socket'
import { brokenRule, MAX_FILES, namesOf } from './file-rules.ts'
import { upload } from './files.ts'
import type { Place } from './identity.ts'
import type { Link } from './link.ts'
import { noticeOf } from './notice.ts'
import { MAX_CUTS, UploadCutError } from './put-file.ts'
import { retrying } from './retrying.ts'
import { isPassing, type Sender } from './sender.ts'
import type { Entry, State } from './state.ts'
import { words } from './words/index.ts'

export interface FileSenderDeps {
  link(): Link
  state(): State
  change(part: Partial<State>): void
  sender: Sender
  wanted: Pick<Place, 'origin'> & { maxFileBytes: number }
}

/** Shows files at once, and one after the other uploads each and sends the message that names it. */
export interface FileSender {
  send(files: readonly File[]): void
  retry(entry: Pick<Entry, 'key'>): void
}

export function openFileSender({
  link,
  state,
  change,
  sender,
  wanted: { origin, maxFileBytes },
}: FileSenderDeps): FileSender {
  /** What is not sent yet, for another try. */
  const kept = new Map<string, File>()
  let last = Promise.resolve()

  const entryOf = (key: string) => state().entries.find((one) => one.key === key)

  function changeEntry(key: string, part: Partial<Entry>): void {
    change({ entries: state().entries.map((one) => (one.key === key ? { ...one, ...part } : one)) })
  }

  function problemOf(file: File): string | undefined {
    const rule = brokenRule(file, maxFileBytes)
    return rule === 'fileTooLarge'
      ? words.fileTooLarge((maxFileBytes / 1048576).toFixed(0))
      : rule && words[rule]
  }

  function send(files: readonly File[]): void {
    for (const key of kept.keys()) {
      const entry = entryOf(key)
      if (!entry || entry.sequence !== undefined) kept.delete(key)
    }
    const underWay = state().entries.filter(({ progress }) => progress !== undefined).length
    const room = Math.max(0, MAX_FILES - underWay)
    for (const file of files.slice(0, room)) sendOne(file)
    const others = files.slice(room)
    if (others.length > 0) change({ notice: words.tooManyFiles(namesOf(others)) })
  }

  function sendOne(file: File): void {
    const { name: caption, type: fileType } = file
    const localUrl = fileType.startsWith('image/') ? URL.createObjectURL(file) : undefined
    const shown = { kind: 'file', caption, relativePath: '', fileType, localUrl } as const
    const problem = problemOf(file)
    const key = sender.show(shown, problem === undefined ? { progress: 0 } : { problem })
    kept.set(key, file)
    if (problem !== undefined) return
    last = last.then(async () => {
      try {
        const relativePath = await uploaded(file, (progress) => changeEntry(key, { progress }))
        changeEntry(key, { progress: undefined, content: { ...shown, relativePath } })
        const message = { caption, relativePath, fileType }
        sender.enqueue({ type: 'ContentEvent', contentType: 'hosted/file', message }, { key })
      } catch (error) {
        changeEntry(key, { progress: undefined, problem: noticeOf(error) })
      }
    })
  }

  /** Waits for a connection, and sends again what was cut off: both may last a moment only. */
  async function uploaded(file: File, onProgress: (part: number) => void): Promise<string> {
    let cuts = 0
    return await retrying(async () => {
      try {
        return await upload(origin, link(), file, onProgress)
      } catch (error) {
        const isCut = error instanceof UploadCutError && ++cuts < MAX_CUTS
        if (!isCut && !isPassing(error) && !(error instanceof SocketClosedError)) throw error
        onProgress(0)
        return undefined
      }
    })
  }

  return {
    send,
    retry({ key }) {
      const file = kept.get(key)
      kept.delete(key)
      if (file) send([file])
    },
  }
}
