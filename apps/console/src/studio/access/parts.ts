/** What the page of access shows; applications unless the address says otherwise. */
export const ACCESS_PARTS = ['applications', 'keys', 'issuers', 'signing', 'lives'] as const
