/** What of a request tells who calls, whatever the framework. */
export interface PresentedRequest {
  readonly method: string
  /** The request's target as the client sent it: a path with query, or a URL of which only the path counts. */
  readonly url: string
  /** All values of a header, by its lower-case name; none when it is absent. */
  readonly header: (name: 'authorization' | 'dpop') => readonly string[]
  /** The framework's own object for the request. */
  readonly origin: object
}
