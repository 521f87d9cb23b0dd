import { Copy } from '../ui/copy.tsx'
import { OnceDialog } from '../ui/once-dialog.tsx'
import { accessWords as t } from './words.ts'

export interface Once {
  name: string
  values: readonly (readonly [label: string, value: string])[]
  /** What else is to be known. */
  more?: string | undefined
}

/** Secrets, the only time that they are shown. */
export function SecretsDialog({ once, onClose }: { once: Once; onClose: () => void }) {
  return (
    <OnceDialog title={t.onceTitle(once.name)} onClose={onClose}>
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
    </OnceDialog>
  )
}
