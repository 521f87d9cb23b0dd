import { Link } from '@tanstack/react-router'
import { useNames } from '../api/use-names.ts'

/** The name of a function, and the way to its source. */
export function FunctionLink({ accountId, functionId }: { accountId: string; functionId: string }) {
  const { functionName } = useNames(accountId)
  return (
    <Link to="/$accountId/functions/$functionId" params={{ accountId, functionId }}>
      <bdi>{functionName(functionId)}</bdi>
    </Link>
  )
}
