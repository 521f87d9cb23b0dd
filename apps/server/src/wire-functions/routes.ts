import type { WireFunctionsDeps } from './deps.ts'
import { V1_ERRORS, V1_INVOCATION_ERRORS, V2_ERRORS } from './errors.ts'
import { eventRoutes } from './events.ts'
import { functionRoutesV2 } from './functions-v2.ts'
import { invokeRoutes } from './invoke.ts'
import { lambdaRoutesV1 } from './lambdas-v1.ts'

/** Mounts the published functions API, both dialects on the same paths. */
export function wireFunctionRoutes(deps: WireFunctionsDeps): void {
  deps.http.speak(V1_INVOCATION_ERRORS)
  deps.http.speak(V1_ERRORS)
  deps.http.speak(V2_ERRORS)
  invokeRoutes(deps)
  eventRoutes(deps)
  lambdaRoutesV1(deps)
  functionRoutesV2(deps)
}
