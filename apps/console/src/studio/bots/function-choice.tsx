import type { FunctionSummary } from '@parley/contract'
import { Choice } from '../ui/choice.tsx'
import { botWords as t } from './words.ts'

interface Props {
  label: string
  functions: readonly FunctionSummary[]
  /** Empty for none. */
  value: string
  onChange: (functionId: string) => void
  isRequired?: boolean
  problem?: string | undefined
}

/** A function of the account. One that is not deployed says so: it cannot answer yet. */
export function FunctionChoice({ functions, value, isRequired = false, ...props }: Props) {
  const options = functions.map(({ functionId, name, liveVersion }) => ({
    id: functionId,
    name: liveVersion === undefined ? `${name} (${t.notDeployed})` : name,
  }))
  const isKnown = value === '' || functions.some(({ functionId }) => functionId === value)
  return (
    <Choice
      {...props}
      value={value}
      options={[
        ...(isRequired && value !== '' ? [] : [{ id: '', name: isRequired ? t.pick : t.nothing }]),
        ...options,
        ...(isKnown ? [] : [{ id: value, name: value }]),
      ]}
    />
  )
}
