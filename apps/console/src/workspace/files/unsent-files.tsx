import { RotateCw, X } from 'lucide-react'
import { Button } from '../../studio/ui/button.tsx'
import type { UnsentFile } from '../desk/state.ts'
import type { FileSender } from './file-sender.ts'
import { fileWords as t } from './words.ts'

interface Props {
  files: readonly UnsentFile[]
  sender: FileSender
  /** The button under the hand is gone. */
  onDone: () => void
}

/** Files of a conversation that are on their way, and those that were not sent. */
export function UnsentFiles({ files, sender, onDone }: Props) {
  const underWay = files.filter(({ problem }) => problem === undefined).length
  return (
    <>
      <p role="status" className={underWay > 0 ? 'faint' : 'visually-hidden'}>
        {underWay > 0 ? t.underWay(underWay) : ''}
      </p>
      {files.length > 0 && (
        <ul className="unsent-files" aria-label={t.list}>
          {files.map((file) => (
            <li key={file.key}>
              {file.problem === undefined ? (
                <span className="file-name">{file.name}</span>
              ) : (
                <span className="problem" role="alert">
                  {file.problem}
                </span>
              )}
              {file.progress !== undefined && (
                <progress aria-label={t.uploading(file.name)} max={1} value={file.progress} />
              )}
              {file.problem !== undefined && file.canRetry && (
                <Button
                  kind="quiet"
                  aria-label={t.again(file.name)}
                  onPress={() => {
                    sender.retry(file.key)
                    onDone()
                  }}
                >
                  <RotateCw aria-hidden size={16} />
                </Button>
              )}
              {file.progress === undefined && (
                <Button
                  kind="quiet"
                  aria-label={t.remove(file.name)}
                  onPress={() => {
                    sender.discard(file.key)
                    onDone()
                  }}
                >
                  <X aria-hidden size={16} />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
