import { defineProcedure } from './define-procedure.ts'
import { insertOutboxRows } from './insert-outbox-rows.ts'
import { lockOrderingKeys } from './lock-ordering-keys.ts'

/**
 * Inserts outbox rows in a transaction of a caller, which takes no leases. Its settings are those of the connections that
 * commit: plans must not depend on how many rows the outbox had when they were made.
 */
export const enqueueRows = defineProcedure(
  'enqueue_rows',
  `(outbox_rows jsonb, texts bytea, domain_now timestamptz) returns void language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $enqueue$
begin
  ${lockOrderingKeys('array(select (r->>4)::int from jsonb_array_elements(outbox_rows) r)')};
  perform ${insertOutboxRows.name}(null, outbox_rows, texts, '{}', domain_now, null);
end
$enqueue$`,
)
