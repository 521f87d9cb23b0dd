import { CircleAlert, CircleCheck, EyeOff, X } from 'lucide-react'
import { Button } from '../../studio/ui/button.tsx'
import { Copy } from '../../studio/ui/copy.tsx'
import type { CommandRun } from '../desk/command-runs.ts'
import { t } from '../words.ts'

interface Props {
  run: CommandRun
  /** Whether there is a field: what is written may no longer be sent. */
  canWrite: boolean
  /** Into the answer to the consumer. */
  onInsert: (text: string) => void
  /** Back into the field. */
  onEdit: (typed: string) => void
  onDismiss: () => void
}

/** What a command has answered: for this agent alone. */
export function CommandCard({ run, canWrite, onInsert, onEdit, onDismiss }: Props) {
  const { typed, answer } = run
  const text = answer?.text ?? ''
  const isError = answer?.kind === 'error'
  // A text of nothing but blanks shows nothing.
  const isShown = answer?.kind === 'message' && text.trim() !== ''
  return (
    <section
      className={`command-card ${isError ? 'error' : ''}`}
      aria-label={t.commands.answer(typed)}
    >
      <p className="command-head">
        <code>{typed}</code>
        <span className="faint">
          <EyeOff aria-hidden size={14} /> {t.commands.onlyYou}
        </span>
        <Button kind="quiet" aria-label={t.dismiss} onPress={onDismiss}>
          <X aria-hidden size={16} />
        </Button>
      </p>
      <div role="status" className="command-answer">
        {!answer && t.commands.running}
        {answer && !isError && !isShown && (
          <>
            <CircleCheck aria-hidden size={16} /> {t.commands.done}
          </>
        )}
        {isError && (
          <>
            <CircleAlert aria-hidden size={16} /> {t.commands.failed(text)}
          </>
        )}
        {isShown && <p>{text}</p>}
      </div>
      <div className="actions">
        {isShown && (
          <>
            {canWrite && (
              <Button kind="primary" onPress={() => onInsert(text)}>
                {t.commands.insert}
              </Button>
            )}
            <Copy text={text} />
          </>
        )}
        {isError && canWrite && <Button onPress={() => onEdit(typed)}>{t.commands.edit}</Button>}
      </div>
    </section>
  )
}
