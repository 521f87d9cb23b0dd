import { Link } from '@tanstack/react-router'
import { useFunctions } from '../api/use-names.ts'

/** The name of a function, and the way to its source; its id where it is not there, or not any more. */
export function FunctionLink({ accountId, functionId }: { accountId: string; functionId: string }) {
  const { isLoaded, functionName } = useFunctions(accountId)
  const name = functionName(functionId)
  if (isLoaded && name === functionId) return <code>{functionId}</code>
  return (
    <Link to="/$accountId/functions/$functionId" params={{ accountId, functionId }}>
      <bdi>{name}</bdi>
    </Link>
  )
}
