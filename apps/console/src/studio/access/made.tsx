import { Ago } from '../ui/time.tsx'
import { accessWords as t } from './words.ts'

/** When something was made, and by whom. */
export function Made({ at, by }: { at: string; by: string }) {
  return (
    <>
      <Ago at={at} /> <bdi className="faint">{t.by(by)}</bdi>
    </>
  )
}

/** When something was used last. */
export function LastUse({ at }: { at: string | undefined }) {
  if (at === undefined) return <span className="faint">{t.never}</span>
  return (
    <span title={t.usedHint}>
      <Ago at={at} />
    </span>
  )
}
