import { cedar } from '@behalf/hook/cedar'

/** Whether a client may act for a user: what the files of `policies/` say. It is asked last, about what has been verified already. */
export const policy = cedar({ policies: 'policies' })
