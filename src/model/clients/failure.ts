/**
 * How an attempt failed, as the retry rules of the AWS SDKs tell failures apart.
 *
 * - throttling: refused with HTTP 429, TooManyRequestsException;
 * - timeout: the caller's own timeout struck, a transient error;
 * - other: any other error that the caller tries again.
 *
 * Source: AWS SDKs and tools reference guide, "Retry behavior".
 */
export type Failure = 'throttling' | 'timeout' | 'other'

/** One number for each sort of failure. */
export type PerFailure = Readonly<Record<Failure, number>>
