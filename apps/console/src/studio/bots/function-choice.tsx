import type { FunctionSummary } from '@parley/contract'
import { Choice } from '../ui/choice.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { botWords as t } from './words.ts'

interface Props {
  accountId: string
  label: string
  functions: readonly FunctionSummary[]
  /** Empty for none. */
  value: string
  onChange: (functionId: string) => void
  isRequired?: boolean
  member: string
}

/** A function of the account, and the way to it. One that is not deployed says so: it cannot answer yet. */
export function FunctionChoice({
  accountId,
  functions,
  value,
  isRequired = false,
  ...props
}: Props) {
  const options = functions.map(({ functionId, name, liveVersion }) => ({
    id: functionId,
    name: liveVersion === undefined ? `${name} (${t.notDeployed})` : name,
  }))
  const isThere = functions.some(({ functionId }) => functionId === value)
  return (
    <div>
      <Choice
        {...props}
        value={value}
        options={[
          ...(isRequired && value !== ''
            ? []
            : [{ id: '', name: isRequired ? t.pick : t.nothing }]),
          ...options,
          ...(value === '' || isThere ? [] : [{ id: value, name: value }]),
        ]}
      />
      {isThere && (
        <p className="faint">
          {t.toSource} <FunctionLink accountId={accountId} functionId={value} />
        </p>
      )}
    </div>
  )
}
