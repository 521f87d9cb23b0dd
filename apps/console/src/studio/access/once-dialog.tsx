import { useEffect } from 'react'
import { Button } from '../ui/button.tsx'
import { Copy } from '../ui/copy.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { formOpens } from '../ui/open-forms.ts'
import { accessWords as t } from './words.ts'

export interface Once {
  name: string
  values: readonly (readonly [label: string, value: string])[]
  /** What else is to be known. */
  more?: string | undefined
}

/** Secrets, the only time that they are shown. It stays until somebody says that they are kept. */
export function OnceDialog({ once, onClose }: { once: Once; onClose: () => void }) {
  useEffect(() => formOpens(() => t.leaveOnce), [])
  return (
    <ModalDialog title={t.onceTitle(once.name)} isAlert>
      <p className="notice">{t.once}</p>
      <dl className="once">
        {once.values.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{value}</code> <Copy text={value} />
            </dd>
          </div>
        ))}
      </dl>
      {once.more !== undefined && <p>{once.more}</p>}
      <div className="dialog-actions">
        <Button kind="primary" autoFocus onPress={onClose}>
          {t.haveIt}
        </Button>
      </div>
    </ModalDialog>
  )
}
