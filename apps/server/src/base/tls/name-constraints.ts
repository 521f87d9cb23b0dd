import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509'
import { AsnConvert } from '@peculiar/asn1-schema'
import type { Territory } from './territory.ts'

const EVERY_ADDRESS = ['0.0.0.0/0', '::/0']

/** The value of the name constraints extension (RFC 5280, 4.2.1.10). */
export function nameConstraints({ domains, addresses }: Territory): ArrayBuffer {
  const permitted = [
    ...domains.map((dNSName) => new GeneralName({ dNSName })),
    ...addresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ]
  // A kind of name that is not mentioned at all would be allowed without limits.
  const excluded =
    addresses.length === 0 ? EVERY_ADDRESS.map((iPAddress) => new GeneralName({ iPAddress })) : []
  const constraints = new NameConstraints({
    permittedSubtrees: subtrees(permitted),
    ...(excluded.length > 0 && { excludedSubtrees: subtrees(excluded) }),
  })
  return AsnConvert.serialize(constraints)
}

function subtrees(names: readonly GeneralName[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })))
}
