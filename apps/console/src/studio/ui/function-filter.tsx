import { useFunctions } from '../api/use-names.ts'
import { operateWords } from '../words/operate.ts'
import { Filter } from './filter.tsx'
import { UnlessUnread } from './unless-unread.tsx'

interface Props {
  accountId: string
  /** Undefined for all functions. */
  value: string | undefined
  onChange: (functionId: string | undefined) => void
}

/** All functions of the account, or one of them. */
export function FunctionFilter({ accountId, value, onChange }: Props) {
  const { functions, functionsQuery } = useFunctions(accountId)
  return (
    <UnlessUnread query={functionsQuery} isKept={value !== undefined}>
      <Filter
        label={operateWords.function}
        value={value}
        options={functions.map(({ functionId, name }) => ({ id: functionId, name }))}
        onChange={onChange}
      />
    </UnlessUnread>
  )
}
