// What the server sends and takes, by the names that the page uses. The types are made from the API's description of
// itself (schema.gen.ts): a field is written once, in the API. Times are ISO 8601 with an offset.

import type { CallOut } from "./schema.gen";

export type {
  AgentOut as Agent,
  AgentState,
  CallOut as Call,
  CallType,
  ChangeOut as Change,
  ColleagueOut as Reachable,
  DeskOut as Desk,
  Disposition,
  ExtensionKind,
  Failure,
  FloorAgentOut as Colleague,
  GuestOut as Guest,
  Involvement,
  LastGuestOut as LastGuest,
  LiveEvent,
  MembershipOut as Membership,
  NewUserOut as NewUser,
  NotOffered,
  ParticipantOut as Participant,
  PartyOut as Party,
  PastCallOut as PastCall,
  Permission,
  PhoneCredentials,
  PhoneOut as Phone,
  QualityRequest,
  QueueLineOut as Queue,
  RateOut as Rate,
  RatesOut as Rates,
  RecordingState,
  Role,
  UserDetails,
  UserOut as User,
  UserPhoneOut as UserPhone,
  VoicemailOut as Voicemail,
  WaitingOut as WaitingCall,
  WrapUpCodeOut as WrapUpCode,
} from "./schema.gen";

/** Where a call is that an agent has. */
export type CallStage = CallOut["stage"];
