import "./styles/index.css";
import { mount } from "svelte";
import { afterFirst } from "./map/first";
import RankingPage from "./pages/RankingPage.svelte";

const target = document.querySelector("#app");
if (target === null) throw new Error("index.html has no #app");

afterFirst(() => mount(RankingPage, { target }));
