// Made by `npm run contract` from the description of the API. Change the API, not this file.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who the agent is, and what the agent is doing. */
        AgentOut: {
            /** Format: uuid */
            user_id: string;
            agent_id: string;
            name: string;
            role: components["schemas"]["Role"];
            state: components["schemas"]["AgentState"];
            /**
             * Format: date-time
             * @description When the state began.
             */
            since: string;
            /** @description When it ends by itself. */
            until: string | null;
            /** @description Why the agent is paused, or will be after the present call. */
            reason: string | null;
            /** @description What the agent becomes when the present call lets go, if not idle. */
            wanted: components["schemas"]["AgentState"] | null;
            /** @description How many calls in a row the agent has let ring. */
            missed: number;
            /** @description Why the agent gets no calls of queues while idle; null when the agent gets them, or is not idle. */
            not_offered: components["schemas"]["NotOffered"] | null;
        };
        /**
         * @description What an agent is doing.
         * @enum {string}
         */
        AgentState: "offline" | "idle" | "paused" | "offered" | "on_call" | "wrap_up";
        Body_submit_login: {
            /** @default  */
            name?: string;
            /** @default  */
            password?: string;
        };
        /** @description An error that no part of the page has caught. */
        BrowserError: {
            name: string;
            /** @description From the first quotation mark on, and all numbers, it is left out of the log: they may be a customer's. */
            message: string;
            /** @description Where in our own scripts it was, the innermost first. */
            places: string[];
            /** @description The path of the page, without what was searched for there. */
            page: string;
        };
        /** @description The call that the agent is rung for, talks on or wraps up. */
        CallOut: {
            call_id: string;
            /**
             * @description What is to be sent as `seen` with everything that is asked of the call. It changes with who is in the call and
             *     with its stage.
             */
            revision: string;
            type: components["schemas"]["CallType"];
            /** @enum {string} */
            stage: "offered" | "dialling" | "connected" | "held" | "reaching" | "consulting" | "conference" | "returning" | "wrap_up";
            /** @description Whether it is the customer who is called, once the agent is there. */
            callback: boolean;
            /** @description The customer's number; null when it is withheld. */
            customer: components["schemas"]["PartyOut"] | null;
            /** @description As the caller sent it: never to be trusted, and never put into a page as markup. */
            customer_name: string;
            queue: string | null;
            /** @description What the customer has called, or what is shown to the customer. */
            our_number: string;
            direction: components["schemas"]["Direction"];
            queued_at: string | null;
            offered_at: string | null;
            /** @description When this agent came in. */
            answered_at: string | null;
            /** @description When the first agent answered; earlier than `answered_at` in a call that was handed over. */
            served_at: string | null;
            ended_at: string | null;
            muted: boolean;
            recorded: boolean;
            recording_paused: boolean;
            /** @description Whether the talk is to be recorded, and that has failed. */
            recording_failed: boolean;
            guest: components["schemas"]["GuestOut"] | null;
            /**
             * @description What became of the third party before: of one that was not reached or has gone. Null once the call is another's,
             *     or somebody else is rung.
             */
            last_guest: components["schemas"]["LastGuestOut"] | null;
            /** @description Who is in the call once somebody talks, told to everybody in it. An agent who was cut off is missing. */
            participants: components["schemas"]["ParticipantOut"][];
            /**
             * @description Who brings this user into the call as its guest; null for the agent whose call it is. The `purpose` of `guest`
             *     says whether that agent asks, or gives the customer over.
             */
            brought_by: string | null;
            /** @description Who ended the call, in wrap-up. */
            ended_by: components["schemas"]["Party"] | null;
            /** @description The outcomes to choose from, in wrap-up. */
            wrap_up_codes: components["schemas"]["WrapUpCodeOut"][];
            /** @description Whether the wrap-up can be ended with a code only. */
            wrap_up_code_required: boolean;
        };
        /** @description An agent who had a call and passed it on. */
        CallPartOut: {
            agent: string;
            /** @description How it came out for this agent. */
            wrap_up_code: string | null;
        };
        /**
         * @description What somebody is to a call.
         * @enum {string}
         */
        CallRole: "customer" | "agent" | "third_party" | "listener" | "whisperer" | "barger";
        /**
         * @description Where a call is in its life.
         * @enum {string}
         */
        CallStage: "arriving" | "asking" | "waiting" | "offered" | "dialling" | "connected" | "held" | "reaching" | "consulting" | "conference" | "returning" | "leaving" | "voicemail" | "wrap_up" | "closed";
        /**
         * @description How a call came about.
         * @enum {string}
         */
        CallType: "inbound" | "auto" | "manual";
        /** @description Somebody who has hung up and is to be called back. */
        CallbackOut: {
            call_id: string;
            /** Format: uuid */
            queue_id: string;
            queue: string;
            customer: components["schemas"]["PartyOut"];
            /** @description As the caller sent it: never to be trusted, and never put into a page as markup. */
            name: string;
            /** @description `waiting`, or `dialling` while the customer is being called. */
            state: string;
            /** @description How often it was tried. */
            attempts: number;
            /** Format: date-time */
            asked_at: string;
            /** @description When the next try may come; null when it comes at its turn. */
            next_at: string | null;
        };
        /** @description Callbacks, those who have asked first first. */
        Callbacks: {
            items: components["schemas"]["CallbackOut"][];
        };
        /** @description The latest call with a caller whom nobody had served. */
        CalledBackOut: {
            agent: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            goes_on: boolean;
            /** @description Outbound: we called, and the caller may not have answered. Inbound: the caller called again and was served. */
            direction: components["schemas"]["Direction"];
        };
        /** @description The agent became something. */
        ChangeOut: {
            id: number;
            /** Format: date-time */
            at: string;
            state: components["schemas"]["AgentState"];
            reason: string | null;
            /** @description The queue that this is about: `paused` for it alone, or `idle`, which is no more paused for it. */
            queue_id: string | null;
            queue: string | null;
            call_id: string | null;
        };
        /** @description Changes, newest first. `next` is the mark of the next page, if there is one. */
        Changes: {
            items: components["schemas"]["ChangeOut"][];
            next: string | null;
        };
        /** @description Whether a number may be called as matters stand. */
        CheckedNumberOut: {
            /** @description The number in E.164, as it would be dialled; null when it may not be called. */
            number: string | null;
            /** @description What an agent would read who wants to call it. */
            refusal: string | null;
            /** @description The prefix of the rule that decides; null when none is about the number. */
            decided_by: string | null;
        };
        /** @description All wrap-up codes, in the order in which they are shown. */
        CodeList: {
            items: components["schemas"]["CodeOut"][];
        };
        /** @description A wrap-up code. */
        CodeOut: {
            /** Format: uuid */
            id: string;
            name: string;
            key: string | null;
            queue_id: string | null;
        };
        /** @description Somebody who can be asked, or be given a call. */
        ColleagueOut: {
            /** Format: uuid */
            user_id: string;
            name: string;
            role: components["schemas"]["Role"];
            /** @description A supervisor, an agent of one of my queues, or another agent. */
            relation: components["schemas"]["Relation"];
            extension: string;
            state: components["schemas"]["AgentState"];
            /** @description Whether the phone is there and nothing else is going on. */
            available: boolean;
        };
        /** @description Supervisors first, then agents of my queues, then others; in each, those who are available first. */
        Colleagues: {
            items: components["schemas"]["ColleagueOut"][];
        };
        /**
         * @description How a call counts in an agent's rate.
         * @enum {string}
         */
        Counted: "answered" | "not_answered";
        /** @description Everything the page shows at once. */
        DeskOut: {
            /** @description Where to take up the live events: what has happened up to here is in this desk. */
            cursor: string;
            /** Format: date-time */
            server_time: string;
            agent: components["schemas"]["AgentOut"];
            phone: components["schemas"]["PhoneOut"];
            queues: components["schemas"]["QueueLineOut"][];
            memberships: components["schemas"]["MembershipsOut"];
            /** @description What the agent can pause for; while it is empty, any words will do. */
            pause_reasons: string[];
            call: components["schemas"]["CallOut"] | null;
            voicemails: components["schemas"]["VoicemailCountOut"];
            /** @description Everybody on the floor, by name; null for an agent. */
            agents: components["schemas"]["FloorAgentOut"][] | null;
            /** @description The nodes whose disks are nearly full; null for an agent. A page is read anew when that changes. */
            low_disks: components["schemas"]["LowDiskOut"][] | null;
            /** @description Whether there is a trunk by which to call out. */
            can_dial: boolean;
            /** @description What the user may do beyond what is the user's own. */
            permissions: components["schemas"]["Permission"][];
        };
        /** @description Where a dialled number leads: to a queue or to a menu. */
        DestinationIn: {
            queue_id?: string | null;
            menu_id?: string | null;
            /**
             * @description 1 to 99; calls of a higher priority are served first.
             * @default 50
             */
            priority?: number;
        };
        /** @description All rules by prefix. Without one about a number, ordinary lines of the centre's own country may be called. */
        DestinationList: {
            /** @description The centre's own country (ISO 3166). */
            region: string;
            items: components["schemas"]["DestinationOut"][];
        };
        /** @description Numbers that begin with the prefix, and whether they may be called. Of several the longest prefix decides. */
        DestinationOut: {
            /** Format: uuid */
            id: string;
            prefix: string;
            allowed: boolean;
            name: string | null;
        };
        /** @description Whom to call: a number that was typed, or the handle of a party that a list has shown. */
        DialRequest: {
            /** @description A telephone number, as people write it: an ordinary one of the centre's country, or of an allowed destination. */
            number?: string | null;
            /** @description The `handle` of a party, as it was told. */
            handle?: string | null;
            /**
             * @description The customer's name, from the list in which the agent chose to call back.
             * @default
             */
            name?: string;
        };
        /** @description The call, which the desk shows from now on. */
        DialledOut: {
            call_id: string;
            /** @description Whom it calls. */
            party: components["schemas"]["PartyOut"];
        };
        /**
         * @description Whether the customer has called us, or we the customer.
         * @enum {string}
         */
        Direction: "inbound" | "outbound";
        /**
         * @description How the system saw a call end.
         * @enum {string}
         */
        Disposition: "answered" | "abandoned" | "unanswered" | "busy" | "failed";
        /** @description It has happened. */
        Done: Record<string, never>;
        /**
         * @description How pressed keys travel on a trunk, in Asterisk's words.
         * @enum {string}
         */
        Dtmf: "auto" | "rfc4733" | "info" | "inband";
        /** @description Entries, newest first. `next` is the mark of the next page, if there is one. */
        Entries: {
            items: components["schemas"]["EntryOut"][];
            next: string | null;
        };
        /** @description Something that was done or refused. */
        EntryOut: {
            id: number;
            /** Format: date-time */
            at: string;
            /** @description Who did it; null when nobody was logged in: at the command line, or before a log-in. */
            user_id: string | null;
            user: string | null;
            /** @description Where from: an address, or the account of the machine that ran a command. */
            origin: string | null;
            action: string;
            /** @description What it was done to: an id or a name. */
            subject: string;
            facts: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Where the call goes instead.
         * @enum {string}
         */
        ExitAction: "hang_up" | "queue" | "voicemail" | "callback";
        /** @description Where calls go that the queue does not serve. */
        ExitIn: {
            action: components["schemas"]["ExitAction"];
            /** @description The queue that takes them, for the action `queue`. */
            target_queue_id?: string | null;
            /** @description The name of the sound that they hear first. */
            message?: string | null;
        };
        /** @description What happens on an occasion. */
        ExitOut: {
            occasion: components["schemas"]["Occasion"];
            action: components["schemas"]["ExitAction"];
            target_queue_id: string | null;
            message: string | null;
        };
        /** @description How much more time the agent needs for the wrap-up. */
        ExtendRequest: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
            /** @default 30 */
            seconds?: number;
        };
        /**
         * @description The phone an agent speaks on: the browser, or a desk or soft phone.
         * @enum {string}
         */
        ExtensionKind: "web" | "sip";
        /**
         * @description Why a call out was not answered.
         * @enum {string}
         */
        Failure: "wrong_number" | "no_route" | "busy" | "declined" | "no_answer" | "carrier_down" | "no_channel" | "media_refused" | "not_allowed" | "system";
        /** @description Everybody who has a phone, by name. */
        Floor: {
            items: components["schemas"]["FloorAgentOut"][];
        };
        /** @description An agent, as a supervisor sees the floor. */
        FloorAgentOut: {
            /** Format: uuid */
            user_id: string;
            agent_id: string;
            name: string;
            role: components["schemas"]["Role"];
            state: components["schemas"]["AgentState"];
            /** Format: date-time */
            since: string;
            until: string | null;
            /** @description Why the agent is paused, or will be after the present call. */
            reason: string | null;
            /** @description What the agent becomes when the present call lets go, if not idle. */
            wanted: components["schemas"]["AgentState"] | null;
            extension: string;
            /** @description Whether the phone, and for a Web extension the page, is there. */
            reachable: boolean;
            /** @description The queues for which alone the agent is paused. */
            pauses: components["schemas"]["MembershipOut"][];
            /** @description Why the agent gets no calls of queues while idle; null when the agent gets them, or is not idle. */
            not_offered: components["schemas"]["NotOffered"] | null;
            /** @description The queues of which the agent takes calls: the own ones without those for which alone the agent is paused. */
            serves: string[];
            call: components["schemas"]["GlanceOut"] | null;
        };
        /** @description What can be known of another agent's call. */
        GlanceOut: {
            /** @enum {string} */
            stage: "offered" | "dialling" | "connected" | "held" | "reaching" | "consulting" | "conference" | "returning" | "wrap_up";
            queue: string | null;
            since: string | null;
        };
        /** @description The third party of a call. */
        GuestOut: {
            /** @description Whether it is asked first, or takes the call as soon as it answers. */
            purpose: components["schemas"]["Purpose"];
            user_id: string | null;
            name: string | null;
            /** @description The number of somebody outside. */
            party: components["schemas"]["PartyOut"] | null;
            answered: boolean;
            /** @description Since when it is rung, or, once it has answered, talks. */
            since: string | null;
        };
        /**
         * @description What became of a third party who is in the call no more.
         * @enum {string}
         */
        GuestOutcome: "declined" | "no_answer" | "busy" | "not_reached" | "left" | "cancelled" | "joined";
        /** @description The portal can serve. */
        Health: {
            status: string;
        };
        /** @description Whether the customer is to hear music. */
        HoldRequest: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
            held: boolean;
        };
        /** @description A day with hours of its own, or closed all day when it has none. */
        HolidayModel: {
            /** Format: date */
            day: string;
            name: string;
            opens?: string | null;
            closes?: string | null;
        };
        /** @description All opening hours, by name. */
        HoursList: {
            items: components["schemas"]["HoursOut"][];
        };
        /** @description Opening hours as a whole. */
        HoursModel: {
            name: string;
            /** @description By its name in the IANA database. */
            time_zone: string;
            /** @default [] */
            week?: components["schemas"]["SpanModel"][];
            /** @default [] */
            holidays?: components["schemas"]["HolidayModel"][];
        };
        /** @description Opening hours with their id. */
        HoursOut: {
            /** Format: uuid */
            id: string;
            hours: components["schemas"]["HoursModel"];
        };
        /**
         * @description What an agent had to do with a call that is over.
         * @enum {string}
         */
        Involvement: "own" | "passed_on" | "brought_in" | "missed";
        /** @description Keys of a telephone. */
        KeysRequest: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
            digits: string;
        };
        /** @description How well an agent knows something. */
        KnownSkillOut: {
            /** Format: uuid */
            skill_id: string;
            skill: string;
            /** Format: uuid */
            user_id: string;
            name: string;
            level: number;
        };
        /** @description The third party who was in the call before. */
        LastGuestOut: {
            name: string | null;
            /** @description The number of somebody outside. */
            party: components["schemas"]["PartyOut"] | null;
            purpose: components["schemas"]["Purpose"];
            /** @description What became of it. */
            outcome: components["schemas"]["GuestOutcome"];
            /** @description Why somebody outside was not reached, by what the carrier has answered. */
            failure: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            at: string;
        };
        /** @description How well something is known, or must be: 1 to 10, or 0 for not at all. */
        LevelIn: {
            level: number;
        };
        /** @description How much may be called out by hand. What is left out, or null, is as for everybody, or as usual; 0 is nothing. */
        LimitsIn: {
            /** @description Numbers outside that a user may dial within a minute, also to consult them or to transfer to them. */
            a_minute?: number | null;
            /** @description Calls of a user with numbers outside that the user has dialled, and that may go on at the same time. */
            at_once?: number | null;
        };
        /** @description What holds. */
        LimitsInForce: {
            a_minute: number;
            at_once: number;
        };
        /** @description How much may be called out by hand: what is set, and what holds by it. */
        LimitsOut: {
            set: components["schemas"]["LimitsSet"];
            in_force: components["schemas"]["LimitsInForce"];
        };
        /** @description What an administrator has set; null is as for everybody, or as usual. */
        LimitsSet: {
            a_minute: number | null;
            at_once: number | null;
        };
        /** @description A node on whose disk recordings and voicemails will soon be cut short. */
        LowDiskOut: {
            node: string;
            /** @description What is left. */
            megabytes: number;
        };
        /** @description It is there, under this id. */
        Made: {
            /** Format: uuid */
            id: string;
        };
        /** @description An agent who serves a queue. */
        MemberOut: {
            /** Format: uuid */
            user_id: string;
            name: string;
            penalty: number;
            position: number;
            /** @description Whether the agent is paused for this queue. */
            paused: boolean;
        };
        /** @description How an agent serves a queue. */
        MembershipIn: {
            /**
             * @description Agents of a lower penalty are rung first.
             * @default 0
             */
            penalty?: number;
            /**
             * @description The order of the linear strategy.
             * @default 0
             */
            position?: number;
        };
        /** @description A queue that the agent serves. */
        MembershipOut: {
            /** Format: uuid */
            queue_id: string;
            /** @description Since when the agent is paused for this queue. */
            paused_at: string | null;
            paused_reason: string | null;
        };
        /** @description All queues that the agent serves. */
        MembershipsOut: {
            items: components["schemas"]["MembershipOut"][];
        };
        /** @description All menus, by name. */
        MenuList: {
            items: components["schemas"]["MenuOut"][];
        };
        /** @description A choice by key before a queue. */
        MenuModel: {
            name: string;
            /** @description Names of Asterisk's sounds, spoken one after the other. */
            prompt: string[];
            /** @description The queue behind each key. */
            options: {
                [key: string]: string;
            };
            /** @default 3 */
            repeats?: number;
            /**
             * @description How long the menu waits for a key after it has been spoken.
             * @default 6
             */
            patience_seconds?: number;
            /** @description Where those go who press none of the keys; without it they are hung up. */
            otherwise_queue_id?: string | null;
        };
        /** @description A menu with its id. */
        MenuOut: {
            /** Format: uuid */
            id: string;
            menu: components["schemas"]["MenuModel"];
        };
        /** @description What the browser lets the page do. */
        MicrophoneRequest: {
            /** @description False when there is no microphone, or the page may not use it. */
            usable: boolean;
        };
        /**
         * @description Where a waiting call is moved.
         * @enum {string}
         */
        Move: "up" | "down" | "top";
        /**
         * @description Where the call is to go: one place up, one place down, to the top, to be served next, or to a place from 1.
         *
         *     A place beyond the end of the line is its end.
         */
        MoveRequest: {
            to: components["schemas"]["Move"] | number;
        };
        /** @description Whether the agent's microphone is to be off. */
        MuteRequest: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
            muted: boolean;
        };
        /** @description Something with a name. */
        Named: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description A wrap-up code to be made. */
        NewCodeIn: {
            name: string;
            /** @description The digit, 1 to 9, that gives it. */
            key?: string | null;
            /** @description Without a queue it is there in all of them. */
            queue_id?: string | null;
        };
        /** @description Numbers that may be called from now on, or may not. */
        NewDestinationIn: {
            /** @description The first digits of the numbers after a +, with the whole country code. */
            prefix: string;
            /** @default true */
            allowed?: boolean;
            name?: string | null;
        };
        /** @description Something with a name, to be made or renamed. */
        NewNamed: {
            name: string;
        };
        /** @description A number that callers dial, and where it leads: to a queue or to a menu. */
        NewNumber: {
            queue_id?: string | null;
            menu_id?: string | null;
            /**
             * @description 1 to 99; calls of a higher priority are served first.
             * @default 50
             */
            priority?: number;
            number: string;
        };
        /** @description A queue to be made. */
        NewQueueIn: {
            name: string;
        };
        /** @description A reason to be made. */
        NewReason: {
            name: string;
        };
        /** @description A trunk to be made. */
        NewTrunkIn: {
            /** @description Where calls out are sent: host or host:port. */
            host: string;
            /** @description Addresses or networks that its calls come from, separated by commas. */
            match?: string | null;
            /** @description What it is logged in to with; an empty one forgets the password, too. */
            username?: string | null;
            password?: string | null;
            /** @description Whether it is registered with, to be sent calls. */
            registers?: boolean | null;
            /** @description The user in From, where the carrier takes no other. */
            from_user?: string | null;
            from_domain?: string | null;
            /** @description The outbound proxy: host or host:port. */
            proxy?: string | null;
            transport?: components["schemas"]["Transport"] | null;
            /** @description How called numbers are written to it: +49…, 49…, 0049…, or as in the centre's own country. */
            number_format?: components["schemas"]["NumberFormat"] | null;
            /** @description How our own number is written to it. */
            caller_format?: components["schemas"]["NumberFormat"] | null;
            /** @description Our number that it shows, unless that of the user or the queue is allowed; empty if every number is. */
            shown?: string | null;
            /** @description Whether the caller in its P-Asserted-Identity is believed. */
            trusted?: boolean | null;
            /** @description Its place in the order of trunks; 0 is the first. */
            position?: number | null;
            /** @description Only numbers that begin so go out by it; with none, all do. */
            prefixes?: string[] | null;
            /** @description Separated by commas, the best first. */
            codecs?: string | null;
            /** @description How pressed keys travel. */
            dtmf?: components["schemas"]["Dtmf"] | null;
            /** @description How long a called phone has until it must ring; then the next trunk is tried. */
            setup_seconds?: number | null;
            /** @description How long a called phone rings, from its first ringing on. */
            ring_seconds?: number | null;
            /** @description How many calls may be on it at once; 0 is no limit. Calls out beyond it go by the next trunk. */
            max_channels?: number | null;
            /** @description Whether calls that come by it beyond that are refused. */
            limits_inbound?: boolean | null;
            /** @description Other numbers of ours that it lets be shown, or their beginnings with an asterisk. */
            allowed?: string[] | null;
            /** @description Whether our number is told to the carrier only, and hidden from the called. */
            anonymous?: boolean | null;
            /** @description Whether the sound is encrypted, too; with TLS only. */
            srtp?: boolean | null;
            /** @description With it the trunk logs in here as the user of its name, and its addresses mean nothing; empty ends it. */
            login_password?: string | null;
            /** @description Small letters, digits and hyphens. */
            name: string;
        };
        /** @description A user to be made. What is left out is chosen: the next free number, the agent id the same, random secrets. */
        NewUserIn: {
            name: string;
            /** @default agent */
            role?: components["schemas"]["Role"];
            /**
             * @description The phone: the browser, or a desk or soft phone.
             * @default web
             */
            kind?: components["schemas"]["ExtensionKind"];
            agent_id?: string | null;
            password?: string | null;
            extension?: string | null;
            /** @description What a SIP phone registers with; a Web extension has none. */
            sip_secret?: string | null;
        };
        /** @description A user that was just made. The secrets are shown this once and kept nowhere. */
        NewUserOut: {
            /** Format: uuid */
            user_id: string;
            agent_id: string;
            name: string;
            role: components["schemas"]["Role"];
            password: string;
            extension: string;
            kind: components["schemas"]["ExtensionKind"];
            sip_secret: string | null;
        };
        /**
         * @description Why an idle agent gets no calls of queues, the first that holds.
         * @enum {string}
         */
        NotOffered: "no_phone" | "no_microphone" | "no_queue" | "paused_everywhere";
        /**
         * @description How a number is written to a carrier.
         * @enum {string}
         */
        NumberFormat: "plus" | "digits" | "zeros" | "national";
        /** @description All numbers, in order. */
        NumberList: {
            items: components["schemas"]["NumberOut"][];
        };
        /** @description A number that callers dial. */
        NumberOut: {
            number: string;
            /** @description The name of the queue or of the menu. */
            leads_to: string;
            is_menu: boolean;
            priority: number;
            queue_id: string | null;
            menu_id: string | null;
        };
        /**
         * @description Why a queue does not serve a call. MAX_WAIT is seen while a call waits, the others when it comes.
         * @enum {string}
         */
        Occasion: "closed" | "full" | "max_wait" | "no_agents";
        /** @description How a call came out for an agent who has passed it on. */
        PartRequest: {
            /** @description One of the call's `wrap_up_codes`; null takes the code back. */
            code: string | null;
        };
        /** @description Somebody who is in the call now. */
        ParticipantOut: {
            role: components["schemas"]["CallRole"];
            name: string | null;
            /** @description The number of the customer, or of a third party outside. */
            party: components["schemas"]["PartyOut"] | null;
        };
        /**
         * @description Who ended a call.
         * @enum {string}
         */
        Party: "customer" | "agent" | "system";
        /** @description The number of a person outside. */
        PartyOut: {
            /** @description As it is shown. It may be shortened, and is not what is dialled. */
            display: string;
            /** @description What is sent to call this person, as it is; null when that is not possible. Do not take it apart. */
            handle: string | null;
        };
        /** @description The password of now, and the one that the user wants. */
        PasswordChange: {
            /** @description The password that the user logs in with now. */
            current: string;
            /** @description 10 to 128 characters, and none of the passwords that are tried first. */
            new: string;
        };
        /** @description It is done. */
        PasswordChanged: {
            /** @default true */
            changed: boolean;
        };
        /** @description A new password; a random one when it is left out. */
        PasswordIn: {
            password?: string | null;
        };
        /** @description The new password, shown this once and kept nowhere. */
        PasswordOut: {
            password: string;
        };
        /** @description A call that is over. */
        PastCallOut: {
            call_id: string;
            type: components["schemas"]["CallType"];
            direction: components["schemas"]["Direction"];
            disposition: components["schemas"]["Disposition"];
            /** @description The customer's number; null when it is withheld. */
            customer: components["schemas"]["PartyOut"] | null;
            /** @description The number of who called us as the trunk wrote it; null for a call out, and for a call before this was kept. */
            received_number: string | null;
            customer_name: string;
            /** @description What the customer has called, or what was shown to the customer. */
            our_number: string;
            queue: string | null;
            /** @description How it came out. Of a call that the agent passed on, how the agent's own part did. */
            wrap_up_code: string | null;
            /** @description What a call that the agent passed on may be coded with, until the last agent's wrap-up is over; else none. */
            wrap_up_codes: string[];
            /** @description The agents who had it and passed it on, in that order. */
            parts: components["schemas"]["CallPartOut"][];
            /** Format: date-time */
            started_at: string;
            /**
             * @description Seconds of talk, of the agent's own part alone when others had the call before or after; of ringing, when a call
             *     that was dialled by hand was unanswered or busy. When all calls are asked for, the whole talk.
             */
            duration: number;
            /**
             * @description What the agent had to do with it; null when all calls are asked for. What was passed on may still go on, and so
             *     may what was missed.
             */
            part: components["schemas"]["Involvement"] | null;
            /** @description How the call counts in the agent's rate; null when it does not, and when all calls are asked for. */
            counted: components["schemas"]["Counted"] | null;
            /** @description Seconds in line. */
            waited: number;
            /** @description Who ended the call; null while it goes on. */
            ended_by: components["schemas"]["Party"] | null;
            /**
             * @description How a call left a queue that did not serve it: the occasion, or `voicemail`, `callback`, `menu`; or
             *     `served`, a callback whose customer was talked with otherwise.
             */
            exit: string | null;
            /** @description The agent who had it last. */
            agent: string | null;
            /** @description Why a call of ours was not answered, by what its carrier said. */
            failure: components["schemas"]["Failure"] | null;
            /** @description What became of the recording of the talk; null when none was made. */
            recording: components["schemas"]["RecordingState"] | null;
            /** @description What has followed a call whose caller nobody served; null when nothing has. */
            called_back: components["schemas"]["CalledBackOut"] | null;
        };
        /** @description A part of the list of calls, newest first. */
        PastCalls: {
            items: components["schemas"]["PastCallOut"][];
            /**
             * @description The mark of the next part; null when there is none. A part may be short, or empty, and still not be the last:
             *     calls that one has missed are looked for among many that one has taken.
             */
            next: string | null;
            /**
             * @description How many there are in all parts together, counted up to 200; null when it was not asked for, or when one would
             *     have to look through too many to know.
             */
            count: number | null;
        };
        /** @description Why the agent pauses. */
        PauseRequest: {
            /** @description From the desk's `pause_reasons`, or any words while that list is empty. */
            reason?: string | null;
        };
        /**
         * @description Something that not everybody may do. What is one's own (the own calls, the own queues) needs none.
         * @enum {string}
         */
        Permission: "take_calls" | "see_floor" | "see_all_calls" | "see_all_queues" | "manage_users" | "manage_queues" | "manage_numbers" | "manage_dialling" | "manage_trunks" | "lift_bans" | "read_audit";
        /** @description What the browser's phone registers with. It is void after log-out and after a newer log-in. */
        PhoneCredentials: {
            uri: string;
            username: string;
            /** @description MD5 of username, realm and secret, as SIP digest authentication uses it. */
            ha1: string;
            realm: string;
            /** @description Where SIP is spoken over a websocket, on the portal's own origin. */
            ws_path: string;
        };
        /** @description The phone that a user is to have; what is left out, or null, stays, and a SIP phone gets a new secret. */
        PhoneIn: {
            number?: string | null;
            kind?: components["schemas"]["ExtensionKind"] | null;
            sip_secret?: string | null;
        };
        /** @description The agent's phone. */
        PhoneOut: {
            kind: components["schemas"]["ExtensionKind"];
            extension: string;
            /** @description Whether the phone is there to be rung. */
            registered: boolean;
            /** Format: date-time */
            since: string;
            /**
             * @description Why what was last dialled on a desk phone was not called; null when it was.
             * @default null
             */
            refused: string | null;
            /** @default null */
            refused_at: string | null;
            /**
             * @description Whether the page has not said that its microphone cannot be used.
             * @default true
             */
            microphone: boolean;
        };
        /**
         * @description Why an agent brings somebody else into a call.
         * @enum {string}
         */
        Purpose: "consult" | "transfer";
        /** @description How a talk sounded at the agent's browser: means over all samples. */
        QualityRequest: {
            jitter_ms: number;
            /** @description Share of the packets that never came. */
            loss: number;
            round_trip_ms?: number | null;
            samples: number;
        };
        /** @description What is to be different about a queue. What is left out stays as it is; null turns off what can be turned off. */
        QueueChanges: {
            /** @description How an agent is chosen among those who are free. */
            strategy?: components["schemas"]["Strategy"] | null;
            /** @description Agents of several queues take the calls of heavier ones first. */
            weight?: number | null;
            /** @description How long an agent's phone rings before the next agent is tried. */
            ring_seconds?: number | null;
            wrap_up_seconds?: number | null;
            /** @description Whether the agent must give a code before the wrap-up can be ended early. */
            wrap_up_code_required?: boolean | null;
            recorded?: boolean | null;
            /** @description What callers wait to: Asterisk's own music, or a folder of sound files in the centre's folder `music`. */
            music?: string | null;
            /** @description After so many unanswered calls in a row an agent is paused; null never pauses anybody. */
            no_answer_limit?: number | null;
            /** @description After so long a call leaves by the exit `max_wait`; null lets it wait. */
            max_wait_seconds?: number | null;
            /** @description With so many in line a call leaves by the exit `full`; null has no limit. */
            max_waiting?: number | null;
            /** @description A waiting call's priority grows by one each so many seconds; null lets it stay. */
            aging_seconds?: number | null;
            /** @description The levels that a waiting call wants fall by one each so many seconds; null lets them stay. */
            skill_widening_seconds?: number | null;
            service_level_seconds?: number | null;
            service_level_formula?: components["schemas"]["ServiceLevel"] | null;
            /** @description Callers who hang up sooner are counted as short abandons. */
            short_abandon_seconds?: number | null;
            /** @description How often callers hear their position and wait; null says nothing. */
            announce_seconds?: number | null;
            announce_position?: boolean | null;
            announce_wait?: boolean | null;
            /** @description The key by which a caller in line asks to be called back; null offers no callbacks. */
            callback_key?: string | null;
            callback_attempts?: number | null;
            /** @description How long after a try that found the line busy. */
            callback_busy_seconds?: number | null;
            /** @description How long after a try that nobody answered. */
            callback_no_answer_seconds?: number | null;
            /** @description The number of ours that the queue's customers see when they are called; null shows the one that they called. */
            shown_number?: string | null;
            /** @description The opening hours; with null the queue is always open. */
            schedule_id?: string | null;
            name?: string | null;
        };
        /** @description A queue with all its rules. */
        QueueDetails: {
            /** Format: uuid */
            queue_id: string;
            name: string;
            rules: components["schemas"]["QueueRules"];
            exits: components["schemas"]["ExitOut"][];
            /** @description In the order of the linear strategy. */
            members: components["schemas"]["MemberOut"][];
            skills: components["schemas"]["WantedSkillOut"][];
        };
        /** @description A queue's line. */
        QueueLineOut: {
            /** Format: uuid */
            queue_id: string;
            name: string;
            /** @description How many callers wait. */
            waiting: number;
            /** @description Since when the first of them waits. */
            longest_since: string | null;
            /** @description The calls that wait, the newest first. Of a very long line the last are left out. */
            calls: components["schemas"]["WaitingOut"][];
            /** @description How many callers the queue does not serve just now: they hear why, or leave a message. */
            leaving: number;
        };
        /** @description All queues, by name. */
        QueueList: {
            items: components["schemas"]["QueueOut"][];
        };
        /** @description A queue, its agents and the numbers that lead to it. */
        QueueOut: {
            /** Format: uuid */
            queue_id: string;
            name: string;
            members: string[];
            numbers: string[];
        };
        /** @description A queue's rules. What is left out stays as it is; null turns off what can be turned off. */
        QueueRules: {
            /** @description How an agent is chosen among those who are free. */
            strategy?: components["schemas"]["Strategy"] | null;
            /** @description Agents of several queues take the calls of heavier ones first. */
            weight?: number | null;
            /** @description How long an agent's phone rings before the next agent is tried. */
            ring_seconds?: number | null;
            wrap_up_seconds?: number | null;
            /** @description Whether the agent must give a code before the wrap-up can be ended early. */
            wrap_up_code_required?: boolean | null;
            recorded?: boolean | null;
            /** @description What callers wait to: Asterisk's own music, or a folder of sound files in the centre's folder `music`. */
            music?: string | null;
            /** @description After so many unanswered calls in a row an agent is paused; null never pauses anybody. */
            no_answer_limit?: number | null;
            /** @description After so long a call leaves by the exit `max_wait`; null lets it wait. */
            max_wait_seconds?: number | null;
            /** @description With so many in line a call leaves by the exit `full`; null has no limit. */
            max_waiting?: number | null;
            /** @description A waiting call's priority grows by one each so many seconds; null lets it stay. */
            aging_seconds?: number | null;
            /** @description The levels that a waiting call wants fall by one each so many seconds; null lets them stay. */
            skill_widening_seconds?: number | null;
            service_level_seconds?: number | null;
            service_level_formula?: components["schemas"]["ServiceLevel"] | null;
            /** @description Callers who hang up sooner are counted as short abandons. */
            short_abandon_seconds?: number | null;
            /** @description How often callers hear their position and wait; null says nothing. */
            announce_seconds?: number | null;
            announce_position?: boolean | null;
            announce_wait?: boolean | null;
            /** @description The key by which a caller in line asks to be called back; null offers no callbacks. */
            callback_key?: string | null;
            callback_attempts?: number | null;
            /** @description How long after a try that found the line busy. */
            callback_busy_seconds?: number | null;
            /** @description How long after a try that nobody answered. */
            callback_no_answer_seconds?: number | null;
            /** @description The number of ours that the queue's customers see when they are called; null shows the one that they called. */
            shown_number?: string | null;
            /** @description The opening hours; with null the queue is always open. */
            schedule_id?: string | null;
        };
        /** @description Calls of a period. Both are 0 when there were none. */
        RateOut: {
            /** @description Calls that the agent talked on and kept to the end. */
            answered: number;
            /** @description Calls that rang the agent and were not taken, and calls of the agent that the customer did not answer. */
            not_answered: number;
        };
        /** @description The agent's calls of the current month, with today, and of yesterday. */
        RatesOut: {
            /** @description The centre's time zone, in which days and months begin (IANA). */
            time_zone: string;
            /**
             * Format: date-time
             * @description When today is over; then other days are meant.
             */
            until: string;
            month: components["schemas"]["RateOut"];
            yesterday: components["schemas"]["RateOut"];
        };
        /** @description The third party to bring into the call, a colleague or a number, and what for. */
        ReachRequest: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
            purpose: components["schemas"]["Purpose"];
            /** @description A colleague, as `GET /api/v1/colleagues` names them. */
            user_id?: string | null;
            /** @description Anybody with a telephone that may be called, or the extension of a colleague. */
            number?: string | null;
        };
        /** @description All reasons, in the order in which they are shown. */
        ReasonList: {
            items: components["schemas"]["ReasonOut"][];
        };
        /** @description Why agents may pause. */
        ReasonOut: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description Whether the recording is to be paused. */
        RecordingRequest: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
            paused: boolean;
        };
        /**
         * @description What became of the recording of a talk.
         * @enum {string}
         */
        RecordingState: "stored" | "short" | "failed" | "removed";
        /** @description How the registration of a node with a trunk stands. */
        RegistrationOut: {
            node: string;
            state: components["schemas"]["RegistrationState"];
            /** @description The SIP status by which it was refused; 0 for none. */
            status: number;
            /** @description The same in words, and what is to be done about it. */
            words: string;
            /** Format: date-time */
            since: string;
        };
        /**
         * @description How a registration stands.
         * @enum {string}
         */
        RegistrationState: "registered" | "refused" | "no_answer" | "trying";
        /**
         * @description What a colleague is to an agent: the first of these that is true.
         * @enum {string}
         */
        Relation: "supervisor" | "same_queue" | "other";
        /** @description What an agent asks of a call, as the agent has seen it. */
        Request: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
        };
        /**
         * @description What a user is. What each may do is in `permissions`.
         * @enum {string}
         */
        Role: "agent" | "supervisor" | "administrator";
        /** @description A queue that the user takes calls of. */
        ServedQueueOut: {
            /** Format: uuid */
            queue_id: string;
            queue: string;
            penalty: number;
            position: number;
            paused: boolean;
        };
        /**
         * @description The formula of a queue's service level.
         * @enum {string}
         */
        ServiceLevel: "answered_in/answered" | "(answered_in+abandoned_in)/(answered+abandoned)" | "answered_in/(answered+abandoned-abandoned_in)" | "answered_in/(answered+abandoned)";
        /** @description The addresses that are banned now, the latest first. */
        SipBanList: {
            items: components["schemas"]["SipBanOut"][];
        };
        /** @description An address from which phones are refused. */
        SipBanOut: {
            /** @description An IPv4 address, or the beginning of an IPv6 network of 64 bits. */
            address: string;
            /** @description The extension whose password was tried last. */
            extension: string;
            /** @description How often it was banned in a row; each ban is twice as long as the one before. */
            times: number;
            /** Format: date-time */
            banned_at: string;
            /** Format: date-time */
            until: string;
        };
        /** @description The new secret of a SIP phone, shown this once and kept nowhere. */
        SipSecretOut: {
            sip_secret: string;
        };
        /** @description What agents may know, and who knows it. */
        SkillList: {
            items: components["schemas"]["Named"][];
            agents: components["schemas"]["KnownSkillOut"][];
        };
        /** @description Open on a weekday, Monday is 0. A span that closes no later than it opens goes on into the next day. */
        SpanModel: {
            weekday: number;
            /** Format: time */
            opens: string;
            /** Format: time */
            closes: string;
        };
        /** @description What the agent wants to be. During a call it takes effect when the call lets go. */
        StateRequest: {
            /** @enum {string} */
            state: "idle" | "paused";
            /** @description Why the agent pauses: from the desk's `pause_reasons`, or any words while that list is empty. */
            reason?: string | null;
        };
        /**
         * @description How a queue chooses among its available agents; penalties come first, except in `weighted`.
         * @enum {string}
         */
        Strategy: "longest_idle" | "fewest_calls" | "round_robin" | "ring_all" | "linear" | "random" | "weighted";
        /**
         * @description By what SIP is carried to a trunk.
         * @enum {string}
         */
        Transport: "udp" | "tcp" | "tls";
        /** @description What is to be changed of a trunk; what is left out stays as it is. */
        TrunkChanges: {
            /** @description Where calls out are sent: host or host:port. */
            host?: string | null;
            /** @description Addresses or networks that its calls come from, separated by commas. */
            match?: string | null;
            /** @description What it is logged in to with; an empty one forgets the password, too. */
            username?: string | null;
            password?: string | null;
            /** @description Whether it is registered with, to be sent calls. */
            registers?: boolean | null;
            /** @description The user in From, where the carrier takes no other. */
            from_user?: string | null;
            from_domain?: string | null;
            /** @description The outbound proxy: host or host:port. */
            proxy?: string | null;
            transport?: components["schemas"]["Transport"] | null;
            /** @description How called numbers are written to it: +49…, 49…, 0049…, or as in the centre's own country. */
            number_format?: components["schemas"]["NumberFormat"] | null;
            /** @description How our own number is written to it. */
            caller_format?: components["schemas"]["NumberFormat"] | null;
            /** @description Our number that it shows, unless that of the user or the queue is allowed; empty if every number is. */
            shown?: string | null;
            /** @description Whether the caller in its P-Asserted-Identity is believed. */
            trusted?: boolean | null;
            /** @description Its place in the order of trunks; 0 is the first. */
            position?: number | null;
            /** @description Only numbers that begin so go out by it; with none, all do. */
            prefixes?: string[] | null;
            /** @description Separated by commas, the best first. */
            codecs?: string | null;
            /** @description How pressed keys travel. */
            dtmf?: components["schemas"]["Dtmf"] | null;
            /** @description How long a called phone has until it must ring; then the next trunk is tried. */
            setup_seconds?: number | null;
            /** @description How long a called phone rings, from its first ringing on. */
            ring_seconds?: number | null;
            /** @description How many calls may be on it at once; 0 is no limit. Calls out beyond it go by the next trunk. */
            max_channels?: number | null;
            /** @description Whether calls that come by it beyond that are refused. */
            limits_inbound?: boolean | null;
            /** @description Other numbers of ours that it lets be shown, or their beginnings with an asterisk. */
            allowed?: string[] | null;
            /** @description Whether our number is told to the carrier only, and hidden from the called. */
            anonymous?: boolean | null;
            /** @description Whether the sound is encrypted, too; with TLS only. */
            srtp?: boolean | null;
            /** @description With it the trunk logs in here as the user of its name, and its addresses mean nothing; empty ends it. */
            login_password?: string | null;
        };
        /** @description All trunks, in the order in which calls go out by them. */
        TrunkList: {
            items: components["schemas"]["TrunkOut"][];
        };
        /** @description A trunk. */
        TrunkOut: {
            name: string;
            host: string;
            match: string;
            username: string;
            has_password: boolean;
            registers: boolean;
            from_user: string;
            from_domain: string;
            proxy: string;
            transport: components["schemas"]["Transport"];
            number_format: components["schemas"]["NumberFormat"];
            caller_format: components["schemas"]["NumberFormat"];
            shown: string;
            trusted: boolean;
            position: number;
            prefixes: string[];
            codecs: string;
            dtmf: components["schemas"]["Dtmf"];
            setup_seconds: number;
            ring_seconds: number;
            max_channels: number;
            limits_inbound: boolean;
            allowed: string[];
            anonymous: boolean;
            srtp: boolean;
            /** @description Whether it logs in here, as the user of its name. */
            logs_in: boolean;
            /** @description How we stand there, by node, where it is registered with. */
            registrations: components["schemas"]["RegistrationOut"][];
        };
        /** @description What is to be different about a user; what is left out, or null, stays. */
        UserChanges: {
            name?: string | null;
            agent_id?: string | null;
            role?: components["schemas"]["Role"] | null;
            /** @description The number of ours that those see whom the user calls by hand; an empty one forgets it. */
            shown_number?: string | null;
        };
        /** @description A user with the queues served and the skills known. */
        UserDetails: {
            /** Format: uuid */
            user_id: string;
            agent_id: string;
            name: string;
            role: components["schemas"]["Role"];
            extension: string | null;
            kind: components["schemas"]["ExtensionKind"] | null;
            /** @description The number of ours that those see whom the user calls by hand; null shows a queue's. */
            shown_number: string | null;
            queues: components["schemas"]["ServedQueueOut"][];
            skills: components["schemas"]["KnownSkillOut"][];
        };
        /** @description Users who may log in. */
        UserList: {
            items: components["schemas"]["UserOut"][];
            /** @description The mark of the next part; null when there is none. */
            next: string | null;
            /** @description How many there are in all parts together, counted up to 1,000. */
            count: number;
        };
        /**
         * @description By what a list of users is sorted.
         * @enum {string}
         */
        UserOrder: "name" | "agent_id";
        /** @description Somebody who may log in, and the phone that belongs to the user. */
        UserOut: {
            /** Format: uuid */
            user_id: string;
            agent_id: string;
            name: string;
            role: components["schemas"]["Role"];
            extension: string | null;
            kind: components["schemas"]["ExtensionKind"] | null;
            /** @description The number of ours that those see whom the user calls by hand; null shows a queue's. */
            shown_number: string | null;
        };
        /** @description A user's phone. The secret of a SIP phone is shown this once and kept nowhere. */
        UserPhoneOut: {
            number: string;
            kind: components["schemas"]["ExtensionKind"];
            sip_secret: string | null;
        };
        /** @description How many voicemails of the user's queues nobody has heard yet, and when the newest of all was left. */
        VoicemailCountOut: {
            count: number;
            newest_at: string | null;
        };
        /** @description What a caller left for a queue. */
        VoicemailOut: {
            /** Format: uuid */
            id: string;
            call_id: string;
            /** Format: uuid */
            queue_id: string;
            queue: string;
            /** @description The customer's number; null when it is withheld. */
            customer: components["schemas"]["PartyOut"] | null;
            /** @description As the caller sent it: never to be trusted, and never put into a page as markup. */
            customer_name: string;
            seconds: number;
            /** Format: date-time */
            left_at: string;
            heard_at: string | null;
            /** @description The name of the first user who heard it. */
            heard_by: string | null;
        };
        /** @description Voicemails, newest first. */
        Voicemails: {
            items: components["schemas"]["VoicemailOut"][];
            /** @description The mark of the next part; null when there is none. */
            next: string | null;
            /** @description How many there are in all parts together, counted up to 1,000. */
            count: number;
            /** @description How many of all that the user may hear nobody has heard. */
            unheard: number;
        };
        /** @description A call in a queue's line. */
        WaitingOut: {
            call_id: string;
            /** @description The customer's number; null when it is withheld. */
            customer: components["schemas"]["PartyOut"] | null;
            /** @description As the caller sent it: never to be trusted, and never put into a page as markup. */
            customer_name: string;
            /** Format: date-time */
            entered_at: string;
            /** @description From 1 to 99, the most urgent; 50 is usual. */
            priority: number;
            /** @description Whose turn it is, from 1; null for a callback that is to be tried again later. */
            place: number | null;
            /** @description Whether an agent is being rung for it. */
            ringing: boolean;
            /** @description Whether the caller has hung up and keeps the place in line, to be called back. */
            callback: boolean;
            /** @description When a callback without a place stands in line again. */
            next_at: string | null;
        };
        /** @description What an agent must know for the queue's calls, and how well. */
        WantedSkillOut: {
            /** Format: uuid */
            skill_id: string;
            name: string;
            level: number;
        };
        /** @description An outcome that can be given to the call. */
        WrapUpCodeOut: {
            name: string;
            /** @description The digit that chooses it. */
            key: string | null;
        };
        /** @description How the call came out. */
        WrapUpRequest: {
            /** @description The call's `revision` that the agent has seen. When the call has gone on since, nothing is done. */
            seen: string;
            /** @description One of the call's `wrap_up_codes`. */
            code?: string | null;
        };
        /** @description Why a request was refused (RFC 9457). `detail` is a sentence for the user. */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @default null */
            errors?: components["schemas"]["WrongField"][] | null;
        };
        /** @description A part of the request that cannot be used. */
        WrongField: {
            field: string;
            message: string;
        };
        /** @description What the agent is doing. */
        AgentEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "agent";
            data: components["schemas"]["AgentOut"];
        };
        /** @description The agent's call; null once there is none. */
        CallEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "call";
            data: components["schemas"]["CallOut"] | null;
        };
        /** @description Everything at once: the page was away for too long, or may see something else than before. */
        DeskEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "desk";
            data: components["schemas"]["DeskOut"];
        };
        /** @description One of the agents on the floor, by id; for supervisors. */
        FloorAgentEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "colleague";
            data: components["schemas"]["FloorAgentOut"];
        };
        /** @description Takes an agent off the floor; for supervisors. */
        FloorAgentGoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "colleague-gone";
            data: components["schemas"]["GoneOut"];
        };
        /** @description An agent who has left the floor for good. */
        GoneOut: {
            /** Format: uuid */
            user_id: string;
        };
        /** @description The line is alive. */
        HeartbeatEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "heartbeat";
            /** @default {} */
            data: components["schemas"]["NothingOut"];
        };
        /** @description The queues that the agent serves. */
        MembershipsEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "memberships";
            data: components["schemas"]["MembershipsOut"];
        };
        /** @description The event itself says it all. */
        NothingOut: Record<string, never>;
        /** @description The agent's phone. */
        PhoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "phone";
            data: components["schemas"]["PhoneOut"];
        };
        /** @description One of the queues, by its id. */
        QueueEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "queue";
            data: components["schemas"]["QueueLineOut"];
        };
        /** @description The user has logged in elsewhere. It is the last event. */
        SessionReplacedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "session-replaced";
            /** @default {} */
            data: components["schemas"]["NothingOut"];
        };
        /** @description How many voicemails nobody has heard. */
        VoicemailsEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "voicemails";
            data: components["schemas"]["VoicemailCountOut"];
        };
        LiveEvent: components["schemas"]["DeskEvent"] | components["schemas"]["AgentEvent"] | components["schemas"]["CallEvent"] | components["schemas"]["PhoneEvent"] | components["schemas"]["MembershipsEvent"] | components["schemas"]["VoicemailsEvent"] | components["schemas"]["QueueEvent"] | components["schemas"]["FloorAgentEvent"] | components["schemas"]["FloorAgentGoneEvent"] | components["schemas"]["SessionReplacedEvent"] | components["schemas"]["HeartbeatEvent"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AgentOut = components['schemas']['AgentOut'];
export type AgentState = components['schemas']['AgentState'];
export type Body_submit_login = components['schemas']['Body_submit_login'];
export type BrowserError = components['schemas']['BrowserError'];
export type CallOut = components['schemas']['CallOut'];
export type CallPartOut = components['schemas']['CallPartOut'];
export type CallRole = components['schemas']['CallRole'];
export type CallStage = components['schemas']['CallStage'];
export type CallType = components['schemas']['CallType'];
export type CallbackOut = components['schemas']['CallbackOut'];
export type Callbacks = components['schemas']['Callbacks'];
export type CalledBackOut = components['schemas']['CalledBackOut'];
export type ChangeOut = components['schemas']['ChangeOut'];
export type Changes = components['schemas']['Changes'];
export type CheckedNumberOut = components['schemas']['CheckedNumberOut'];
export type CodeList = components['schemas']['CodeList'];
export type CodeOut = components['schemas']['CodeOut'];
export type ColleagueOut = components['schemas']['ColleagueOut'];
export type Colleagues = components['schemas']['Colleagues'];
export type Counted = components['schemas']['Counted'];
export type DeskOut = components['schemas']['DeskOut'];
export type DestinationIn = components['schemas']['DestinationIn'];
export type DestinationList = components['schemas']['DestinationList'];
export type DestinationOut = components['schemas']['DestinationOut'];
export type DialRequest = components['schemas']['DialRequest'];
export type DialledOut = components['schemas']['DialledOut'];
export type Direction = components['schemas']['Direction'];
export type Disposition = components['schemas']['Disposition'];
export type Done = components['schemas']['Done'];
export type Dtmf = components['schemas']['Dtmf'];
export type Entries = components['schemas']['Entries'];
export type EntryOut = components['schemas']['EntryOut'];
export type ExitAction = components['schemas']['ExitAction'];
export type ExitIn = components['schemas']['ExitIn'];
export type ExitOut = components['schemas']['ExitOut'];
export type ExtendRequest = components['schemas']['ExtendRequest'];
export type ExtensionKind = components['schemas']['ExtensionKind'];
export type Failure = components['schemas']['Failure'];
export type Floor = components['schemas']['Floor'];
export type FloorAgentOut = components['schemas']['FloorAgentOut'];
export type GlanceOut = components['schemas']['GlanceOut'];
export type GuestOut = components['schemas']['GuestOut'];
export type GuestOutcome = components['schemas']['GuestOutcome'];
export type Health = components['schemas']['Health'];
export type HoldRequest = components['schemas']['HoldRequest'];
export type HolidayModel = components['schemas']['HolidayModel'];
export type HoursList = components['schemas']['HoursList'];
export type HoursModel = components['schemas']['HoursModel'];
export type HoursOut = components['schemas']['HoursOut'];
export type Involvement = components['schemas']['Involvement'];
export type KeysRequest = components['schemas']['KeysRequest'];
export type KnownSkillOut = components['schemas']['KnownSkillOut'];
export type LastGuestOut = components['schemas']['LastGuestOut'];
export type LevelIn = components['schemas']['LevelIn'];
export type LimitsIn = components['schemas']['LimitsIn'];
export type LimitsInForce = components['schemas']['LimitsInForce'];
export type LimitsOut = components['schemas']['LimitsOut'];
export type LimitsSet = components['schemas']['LimitsSet'];
export type LowDiskOut = components['schemas']['LowDiskOut'];
export type Made = components['schemas']['Made'];
export type MemberOut = components['schemas']['MemberOut'];
export type MembershipIn = components['schemas']['MembershipIn'];
export type MembershipOut = components['schemas']['MembershipOut'];
export type MembershipsOut = components['schemas']['MembershipsOut'];
export type MenuList = components['schemas']['MenuList'];
export type MenuModel = components['schemas']['MenuModel'];
export type MenuOut = components['schemas']['MenuOut'];
export type MicrophoneRequest = components['schemas']['MicrophoneRequest'];
export type Move = components['schemas']['Move'];
export type MoveRequest = components['schemas']['MoveRequest'];
export type MuteRequest = components['schemas']['MuteRequest'];
export type Named = components['schemas']['Named'];
export type NewCodeIn = components['schemas']['NewCodeIn'];
export type NewDestinationIn = components['schemas']['NewDestinationIn'];
export type NewNamed = components['schemas']['NewNamed'];
export type NewNumber = components['schemas']['NewNumber'];
export type NewQueueIn = components['schemas']['NewQueueIn'];
export type NewReason = components['schemas']['NewReason'];
export type NewTrunkIn = components['schemas']['NewTrunkIn'];
export type NewUserIn = components['schemas']['NewUserIn'];
export type NewUserOut = components['schemas']['NewUserOut'];
export type NotOffered = components['schemas']['NotOffered'];
export type NumberFormat = components['schemas']['NumberFormat'];
export type NumberList = components['schemas']['NumberList'];
export type NumberOut = components['schemas']['NumberOut'];
export type Occasion = components['schemas']['Occasion'];
export type PartRequest = components['schemas']['PartRequest'];
export type ParticipantOut = components['schemas']['ParticipantOut'];
export type Party = components['schemas']['Party'];
export type PartyOut = components['schemas']['PartyOut'];
export type PasswordChange = components['schemas']['PasswordChange'];
export type PasswordChanged = components['schemas']['PasswordChanged'];
export type PasswordIn = components['schemas']['PasswordIn'];
export type PasswordOut = components['schemas']['PasswordOut'];
export type PastCallOut = components['schemas']['PastCallOut'];
export type PastCalls = components['schemas']['PastCalls'];
export type PauseRequest = components['schemas']['PauseRequest'];
export type Permission = components['schemas']['Permission'];
export type PhoneCredentials = components['schemas']['PhoneCredentials'];
export type PhoneIn = components['schemas']['PhoneIn'];
export type PhoneOut = components['schemas']['PhoneOut'];
export type Purpose = components['schemas']['Purpose'];
export type QualityRequest = components['schemas']['QualityRequest'];
export type QueueChanges = components['schemas']['QueueChanges'];
export type QueueDetails = components['schemas']['QueueDetails'];
export type QueueLineOut = components['schemas']['QueueLineOut'];
export type QueueList = components['schemas']['QueueList'];
export type QueueOut = components['schemas']['QueueOut'];
export type QueueRules = components['schemas']['QueueRules'];
export type RateOut = components['schemas']['RateOut'];
export type RatesOut = components['schemas']['RatesOut'];
export type ReachRequest = components['schemas']['ReachRequest'];
export type ReasonList = components['schemas']['ReasonList'];
export type ReasonOut = components['schemas']['ReasonOut'];
export type RecordingRequest = components['schemas']['RecordingRequest'];
export type RecordingState = components['schemas']['RecordingState'];
export type RegistrationOut = components['schemas']['RegistrationOut'];
export type RegistrationState = components['schemas']['RegistrationState'];
export type Relation = components['schemas']['Relation'];
export type Request = components['schemas']['Request'];
export type Role = components['schemas']['Role'];
export type ServedQueueOut = components['schemas']['ServedQueueOut'];
export type ServiceLevel = components['schemas']['ServiceLevel'];
export type SipBanList = components['schemas']['SipBanList'];
export type SipBanOut = components['schemas']['SipBanOut'];
export type SipSecretOut = components['schemas']['SipSecretOut'];
export type SkillList = components['schemas']['SkillList'];
export type SpanModel = components['schemas']['SpanModel'];
export type StateRequest = components['schemas']['StateRequest'];
export type Strategy = components['schemas']['Strategy'];
export type Transport = components['schemas']['Transport'];
export type TrunkChanges = components['schemas']['TrunkChanges'];
export type TrunkList = components['schemas']['TrunkList'];
export type TrunkOut = components['schemas']['TrunkOut'];
export type UserChanges = components['schemas']['UserChanges'];
export type UserDetails = components['schemas']['UserDetails'];
export type UserList = components['schemas']['UserList'];
export type UserOrder = components['schemas']['UserOrder'];
export type UserOut = components['schemas']['UserOut'];
export type UserPhoneOut = components['schemas']['UserPhoneOut'];
export type VoicemailCountOut = components['schemas']['VoicemailCountOut'];
export type VoicemailOut = components['schemas']['VoicemailOut'];
export type Voicemails = components['schemas']['Voicemails'];
export type WaitingOut = components['schemas']['WaitingOut'];
export type WantedSkillOut = components['schemas']['WantedSkillOut'];
export type WrapUpCodeOut = components['schemas']['WrapUpCodeOut'];
export type WrapUpRequest = components['schemas']['WrapUpRequest'];
export type Problem = components['schemas']['Problem'];
export type WrongField = components['schemas']['WrongField'];
export type AgentEvent = components['schemas']['AgentEvent'];
export type CallEvent = components['schemas']['CallEvent'];
export type DeskEvent = components['schemas']['DeskEvent'];
export type FloorAgentEvent = components['schemas']['FloorAgentEvent'];
export type FloorAgentGoneEvent = components['schemas']['FloorAgentGoneEvent'];
export type GoneOut = components['schemas']['GoneOut'];
export type HeartbeatEvent = components['schemas']['HeartbeatEvent'];
export type MembershipsEvent = components['schemas']['MembershipsEvent'];
export type NothingOut = components['schemas']['NothingOut'];
export type PhoneEvent = components['schemas']['PhoneEvent'];
export type QueueEvent = components['schemas']['QueueEvent'];
export type SessionReplacedEvent = components['schemas']['SessionReplacedEvent'];
export type VoicemailsEvent = components['schemas']['VoicemailsEvent'];
export type LiveEvent = components['schemas']['LiveEvent'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
