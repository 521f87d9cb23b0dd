import type { WireFunctionsDeps } from './deps.ts'
import { domainRoutesV1 } from './domains-v1.ts'
import { V1_ERRORS, V1_INVOCATION_ERRORS, V2_ERRORS } from './errors.ts'
import { eventRoutes } from './events.ts'
import { functionRoutesV2 } from './functions-v2.ts'
import { invokeRoutes } from './invoke.ts'
import { lambdaRoutesV1 } from './lambdas-v1.ts'
import { reportRoutesV1 } from './reports-v1.ts'
import { scheduleRoutesV1 } from './schedules-v1.ts'

/** Mounts the published functions API, both dialects on the same paths. */
export function wireFunctionRoutes(deps: WireFunctionsDeps): void {
  deps.http.speak(V1_INVOCATION_ERRORS)
  deps.http.speak(V1_ERRORS)
  deps.http.speak(V2_ERRORS)
  invokeRoutes(deps)
  eventRoutes(deps)
  lambdaRoutesV1(deps)
  scheduleRoutesV1(deps)
  domainRoutesV1(deps)
  reportRoutesV1(deps)
  functionRoutesV2(deps)
}
