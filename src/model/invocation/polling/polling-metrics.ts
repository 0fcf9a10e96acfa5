/** Which metrics of scope `event` an event has that polls. */
const ALL = [
  'PolledEventCount',
  'FilteredOutEventCount',
  'InvokedEventCount',
  'FailedInvokeEventCount',
  'ThrottledBatches',
  'PollerConcurrency',
  'Batches',
]

export function pollingMetrics(own: readonly string[], isProvisioned: boolean): readonly string[] {
  return [...ALL, ...own, ...(isProvisioned ? ['ProvisionedPollers'] : [])]
}

/** Of what reads shards or partitions. */
export const SHARD_METRICS = ['DroppedEventCount', 'OnFailureDestinationDeliveredEventCount']
